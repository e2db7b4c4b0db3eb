import { randomInt } from 'node:crypto'
import { createServer } from 'node:net'

/** Below every system's range for outgoing connections, so that a restart finds its port still free. */
const range = [15_400, 16_400] as const

/** A port of the loopback that is free at this moment: the preferred one, else a random one. */
export async function choosePort(preferred: number | null): Promise<number> {
  if (preferred !== null && (await isFree(preferred))) return preferred
  for (let tries = 0; tries < 50; tries += 1) {
    const port = randomInt(...range)
    if (await isFree(port)) return port
  }
  return listenBriefly(0)
}

const isFree = (port: number): Promise<boolean> =>
  listenBriefly(port).then(
    () => true,
    () => false,
  )

function listenBriefly(port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const server = createServer()
    server.once('error', reject)
    server.listen({ port, host: '127.0.0.1', exclusive: true }, () => {
      const address = server.address()
      server.close(() => resolve(typeof address === 'object' && address !== null ? address.port : port))
    })
  })
}
