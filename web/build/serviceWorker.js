// Opens the app without a network. It holds the shell only: what the hub says is never cached here.
const cacheName = `hapi-shell-${__VERSION__}`
const files = __FILES__
const patience = 2500

self.addEventListener('install', event => {
  event.waitUntil(
    caches
      .open(cacheName)
      .then(cache => cache.addAll(files))
      .then(() => self.skipWaiting()),
  )
})

self.addEventListener('activate', event => {
  event.waitUntil(
    (async () => {
      // The shell before this one stays: a page that is still open may load a chunk of it.
      const shells = (await caches.keys()).filter(name => name.startsWith('hapi-shell-') && name !== cacheName)
      await Promise.all(shells.slice(0, -1).map(name => caches.delete(name)))
      await self.clients.claim()
    })(),
  )
})

self.addEventListener('fetch', event => {
  const { request } = event
  const url = new URL(request.url)
  if (request.method !== 'GET' || url.origin !== self.location.origin) return
  if (request.mode === 'navigate') event.respondWith(navigate(request))
  else if (url.pathname.startsWith('/assets/')) event.respondWith(caches.match(request).then(hit => hit ?? fetch(request)))
})

// The network decides, but a slow one must not hold the screen back.
async function navigate(request) {
  const cached = await caches.match('/')
  if (!cached) return fetch(request)
  const timeout = new Promise(resolve => setTimeout(() => resolve(cached), patience))
  return Promise.race([fetch(request).then(answer => (answer.ok ? answer : cached), () => cached), timeout])
}
