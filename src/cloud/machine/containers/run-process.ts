/** Following a container's process: what it prints, and how it ends. */
import { constants } from 'node:os'
import type { Started } from '../processes.ts'
import type { Exit } from './engine.ts'

/** Milliseconds that output may come in after the end. */
const STREAMS_END = 500

const codeOf = (code: number | null, signal: NodeJS.Signals | null): number =>
  code ?? 128 + (signal ? constants.signals[signal] : 0)

/** Gives the exit code of a process that prints nothing of interest; 127 where it could not be started. */
export const exitOf = ({ child }: Started): Promise<number> =>
  new Promise((resolve) => {
    child.on('error', () => resolve(127))
    child.on('exit', (code, signal) => resolve(codeOf(code, signal)))
  })

/** Hands on what a process prints, and gives how it ended once all is handed on. Never rejects. */
export function follow(started: Started, output: (text: string) => void): Promise<Exit> {
  const { child } = started
  child.unref()
  for (const stream of [child.stdout, child.stderr]) {
    stream?.setEncoding('utf8').on('data', output)
    ;(stream as unknown as { unref?(): void } | null)?.unref?.()
  }
  return new Promise((resolve) => {
    child.on('error', (error) => {
      output(`${error.message}\n`)
      resolve({ code: 127 })
    })
    child.on('exit', (code, signal) => {
      // A process that it left may hold its output open.
      const timer = setTimeout(() => {
        for (const stream of child.stdio) stream?.destroy()
      }, STREAMS_END)
      child.once('close', () => {
        clearTimeout(timer)
        resolve({ code: codeOf(code, signal) })
      })
    })
  })
}
