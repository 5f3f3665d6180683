/** Small pieces of text that every view shares: marks, durations, places. */
import type { Target } from '../../model/index.ts'
import type { Terminal } from '../terminal.ts'

/** `0.42 s`, `12 s`, `3 min 5 s`. */
export function duration(milliseconds: number): string {
  const seconds = milliseconds / 1000
  if (seconds < 10) return `${seconds.toFixed(2)} s`
  if (seconds < 60) return `${seconds.toFixed(1)} s`
  return `${Math.floor(seconds / 60)} min ${Math.round(seconds % 60)} s`
}

/** How long ago something was, as one reads it: `<1 min`, `4 min`, `3 h`, `12 d`. */
export function age(milliseconds: number): string {
  const minutes = Math.floor(milliseconds / 60_000)
  if (minutes < 1) return '<1 min'
  if (minutes < 60) return `${minutes} min`
  const hours = Math.floor(minutes / 60)
  return hours < 48 ? `${hours} h` : `${Math.floor(hours / 24)} d`
}

export const place = ({ account, region }: Target): string => `${account} ${region}`

export type Mark = 'waiting' | 'running' | 'done' | 'unchanged' | 'failed' | 'asking'

const FRAMES = ['⠋', '⠙', '⠹', '⠸', '⠼', '⠴', '⠦', '⠧', '⠇', '⠏']

/** The sign in front of a line; a running one turns with time. */
export function mark(kind: Mark, { colors, interactive }: Terminal, time = 0): string {
  switch (kind) {
    case 'waiting':
      return colors.dim('·')
    case 'running':
      if (!interactive) return '…'
      return colors.cyan(FRAMES[Math.floor(time / 80) % FRAMES.length] ?? '*')
    case 'done':
      return colors.green('✔')
    case 'unchanged':
      return colors.dim('=')
    case 'failed':
      return colors.red('✖')
    case 'asking':
      return colors.yellow('?')
  }
}

/** `1 account`, `2 accounts`. */
export const countOf = (count: number, what: string): string => `${count} ${what}${count === 1 ? '' : 's'}`
