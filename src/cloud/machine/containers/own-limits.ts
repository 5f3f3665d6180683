/** The limits of this process, as Podman takes them. */
import { readFileSync } from 'node:fs'

/** Limits that this process has itself: those that Podman sets take more than every root may. */
export function ownLimits(): string[] {
  const text = readFileSync('/proc/self/limits', 'utf8')
  const most = (what: string): string => {
    const [, value = '-1'] = new RegExp(`^${what}\\s+\\S+\\s+(\\S+)`, 'm').exec(text) ?? []
    return value === 'unlimited' ? '-1' : value
  }
  // What runs the container has fewer processes than this one may have.
  const few = (value: string) => (value === '-1' ? value : String(Math.min(Number(value), 32_768)))
  const [files, processes] = [most('Max open files'), most('Max processes')]
  return ['--ulimit', `nofile=${files}:${files}`, '--ulimit', `nproc=${few(processes)}:${few(processes)}`]
}
