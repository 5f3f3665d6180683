/** Two connections made one. */
import type { Socket } from 'node:net'

/** Hands on what either of two connections says to the other, to the end of both. */
export function joinSockets(one: Socket, other: Socket): void {
  for (const [from, to] of [
    [one, other],
    [other, one],
  ] as const) {
    from.on('error', () => to.destroy())
    from.on('close', () => to.destroy())
    from.pipe(to)
  }
}
