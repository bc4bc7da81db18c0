/** Line icons of one family: 24 units, drawn with the colour of the text around them. */
const paths = {
  back: 'M15 5l-7 7 7 7',
  more: 'M6 12a1 1 0 11-2 0 1 1 0 012 0zM13 12a1 1 0 11-2 0 1 1 0 012 0zM20 12a1 1 0 11-2 0 1 1 0 012 0z',
  send: 'M12 19V5M6 11l6-6 6 6',
  stop: 'M8 8h8v8H8z',
  check: 'M5 12.5l4.5 4.5L19 7.5',
  cross: 'M6 6l12 12M18 6L6 18',
  chevron: 'M9 6l6 6-6 6',
  down: 'M6 9l6 6 6-6',
  arrowDown: 'M12 5v14M6 13l6 6 6-6',
  terminal: 'M5 7l5 5-5 5M12.5 17H19',
  file: 'M7 3h7l4 4v14H7zM14 3v4h4',
  edit: 'M4 20l1-4L16 5l3 3L8 19zM14 7l3 3',
  search: 'M11 4a7 7 0 107 7 7 7 0 00-7-7zM16 16l4.5 4.5',
  globe: 'M12 3a9 9 0 109 9 9 9 0 00-9-9zM3 12h18M12 3c2.5 2.4 3.8 5.5 3.8 9s-1.3 6.6-3.8 9c-2.5-2.4-3.8-5.5-3.8-9S9.500 5.400 12 3z',
  agent: 'M7 9h10a2 2 0 012 2v6a2 2 0 01-2 2H7a2 2 0 01-2-2v-6a2 2 0 012-2zM12 9V5M9.500 14h.01M14.500 14h.01',
  plan: 'M9 6h11M9 12h11M9 18h11M4 6h.01M4 12h.01M4 18h.01',
  question: 'M9 9.200a3 3 0 115 2.200c-1.200.9-2 1.500-2 3M12 18h.01',
  wrench: 'M14.500 6a4 4 0 00-5 5L4 16.500 7.500 20l5.500-5.500a4 4 0 005-5l-2.500 2.500-3-3z',
  bulb: 'M9 18h6M10 21h4M12 3a6 6 0 00-3.500 10.900V15h7v-1.100A6 6 0 0012 3z',
  image: 'M4 5h16v14H4zM4 16l5-5 5 5 2-2 4 4M15 9h.01',
  alert: 'M12 4l9 16H3zM12 10v4M12 17h.01',
  info: 'M12 3a9 9 0 109 9 9 9 0 00-9-9zM12 11v5M12 8h.01',
  archive: 'M4 5h16v4H4zM6 9v10h12V9M10 13h4',
  refresh: 'M19 12a7 7 0 11-2-4.900M19 4v4h-4',
  moon: 'M19 14.500A8 8 0 119.500 5a6.500 6.500 0 009.500 9.500z',
  out: 'M14 5H6v14h8M11 12h9M17 9l3 3-3 3',
  clock: 'M12 4a8 8 0 108 8 8 8 0 00-8-8zM12 8v4.500l3 1.500',
  copy: 'M9 9h10v11H9zM6 15H5V4h10v2',
  plug: 'M9 3v5M15 3v5M7 8h10v3a5 5 0 01-10 0zM12 16v5',
  plus: 'M12 5v14M5 12h14',
  history: 'M4.500 12a7.500 7.500 0 107.500-7.500A7.500 7.500 0 005.500 8.500M5 4.500v4h4M12 8v4.500l3 1.500',
  machine: 'M4 5h16v10H4zM9 19h6M12 15v4',
  folder: 'M4 6h6l2 2h8v10H4z',
  branch: 'M7 4v11M7 9c6 0 9-1 9-4M7 18a1.500 1.500 0 100-3 1.500 1.500 0 000 3M16 5a1.500 1.500 0 100-3',
  pin: 'M9 4h6l-1 6 3 3H7l3-3zM12 13v7',
} as const

export type IconName = keyof typeof paths

export function Icon({ name, size = 20 }: { name: IconName; size?: number }) {
  return (
    <svg className="icon" width={size} height={size} viewBox="0 0 24 24" aria-hidden="true" focusable="false">
      <path d={paths[name]} />
    </svg>
  )
}
