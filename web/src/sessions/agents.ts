import { lookup } from '../app/json.ts'

/** What the app knows of an agent before it says anything itself: its name. An agent that is not here is shown under the name it gives. */
const labels: Readonly<Record<string, string>> = {
  claude: 'Claude Code',
  codex: 'Codex',
  gemini: 'Gemini',
  copilot: 'Copilot',
  cursor: 'Cursor',
  opencode: 'OpenCode',
  qwen: 'Qwen',
  kimi: 'Kimi',
  grok: 'Grok',
  pi: 'Pi',
  demo: 'Demo agent',
  acp: 'ACP agent',
}

export function agentLabel(flavor: string | null | undefined): string {
  return flavor ? (lookup(labels, flavor) ?? flavor) : 'Agent'
}
