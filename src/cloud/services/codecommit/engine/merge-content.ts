/** Merges of one file's content: line by line, with the places where both sides say something else. */
import { randomUUID } from 'node:crypto'
import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { askGit } from '../../../machine/run-git.ts'

export type Side = 'source' | 'destination' | 'base'

/** Lines of one side; counted from 1, and `endLine` before `startLine` where there are none. */
export interface Lines {
  readonly startLine: number
  readonly endLine: number
  readonly content: string
}

export type Hunk = Readonly<Record<Side, Lines>>

export interface MergedContent {
  /** The whole file, with the favoured side's lines where both differ; undefined where nobody is favoured. */
  readonly content: Buffer | undefined
  /** Where both sides differ. */
  readonly hunks: readonly Hunk[]
}

/** Longer than any marker that a file has by itself. */
const MARK = 61
const MARKER = new RegExp(`^([<|=>])\\1{${MARK - 1}}(?: .*)?$`)

/** As git tells text from binary files. */
export const isBinary = (content: Uint8Array): boolean => content.subarray(0, 8000).includes(0)

/** Merges three versions of a text; git merges no binary ones, whose sides must be chosen. Errors: git's. */
export async function mergeContent(
  folder: string,
  versions: Readonly<Record<Side, Uint8Array>>,
  favor?: 'source' | 'destination',
): Promise<MergedContent> {
  const names = { destination: '', base: '', source: '' }
  try {
    for (const side of ['destination', 'base', 'source'] as const) {
      names[side] = join(folder, `merge-${randomUUID()}`)
      writeFileSync(names[side], versions[side], { mode: 0o600 })
    }
    const files = [names.destination, names.base, names.source]
    const words = ['merge-file', '--stdout', '--quiet', '--diff3', `--marker-size=${MARK}`, ...files]
    const marked = await askGit(folder, words, { answers: CONFLICTS })
    const hunks = hunksIn(marked.printed.toString())
    if (!hunks.length) return { content: marked.printed, hunks }
    if (!favor) return { content: undefined, hunks }
    const chosen = ['merge-file', '--stdout', '--quiet', favor === 'source' ? '--theirs' : '--ours', ...files]
    return { content: (await askGit(folder, chosen)).printed, hunks }
  } finally {
    for (const name of Object.values(names)) if (name) rmSync(name, { force: true })
  }
}

/** merge-file: "the number of conflicts", 127 where there are more. */
const CONFLICTS = Array.from({ length: 127 }, (_, index) => index + 1)

/** The side that lines after a marker are of; after the last one they are everybody's. */
const AFTER: Readonly<Record<string, Side | undefined>> = { '<': 'destination', '|': 'base', '=': 'source' }

function hunksIn(text: string): Hunk[] {
  const hunks: Hunk[] = []
  const at: Record<Side, number> = { source: 1, destination: 1, base: 1 }
  let begun: Record<Side, { startLine: number; lines: string[] }> | undefined
  let side: Side | undefined
  for (const line of text.split(/(?<=\n)/)) {
    const mark = MARKER.exec(line.replace(/\r?\n$/, ''))?.[1]
    if (mark) {
      side = AFTER[mark]
      if (mark === '<') begun = beginning(at)
      if (mark === '>' && begun) hunks.push(ended(begun))
    } else if (side && begun) {
      begun[side].lines.push(line)
      at[side]++
    } else for (const one of ['source', 'destination', 'base'] as const) at[one]++
  }
  return hunks
}

const beginning = (at: Readonly<Record<Side, number>>) => ({
  source: { startLine: at.source, lines: [] as string[] },
  destination: { startLine: at.destination, lines: [] as string[] },
  base: { startLine: at.base, lines: [] as string[] },
})

function ended(begun: Record<Side, { startLine: number; lines: string[] }>): Hunk {
  const told = ({ startLine, lines }: { startLine: number; lines: string[] }): Lines => ({
    startLine,
    endLine: startLine + lines.length - 1,
    content: lines.join(''),
  })
  return { source: told(begun.source), destination: told(begun.destination), base: told(begun.base) }
}
