/** What a run of chaos counts, what it finds, and the table of both. */

/** What is counted as it happens. */
export const COUNTED = [
  'rounds',
  'kills',
  'restarts',
  'acknowledged writes checked',
  'faults',
  'deploys',
  'cases',
] as const

/** Where zero is due. */
export const FOUND = [
  'lost',
  'executions stuck',
  'actions run twice',
  'stacks rolled back',
  'ended otherwise',
  'processes left behind',
  'deploys that needed a second run',
  'messages without a cause',
  'crashes',
] as const

export type Counted = (typeof COUNTED)[number]
export type Found = (typeof FOUND)[number]

export interface Finding {
  readonly kind: Found
  readonly what: string
  /** The command that does it again. */
  readonly replay: string
}

/** One row of the table. */
export class Tally {
  readonly name: string
  private readonly counts = new Map<Counted, number>()
  readonly findings: Finding[] = []

  constructor(name: string) {
    this.name = name
  }

  count(what: Counted, by = 1): void {
    this.counts.set(what, (this.counts.get(what) ?? 0) + by)
  }

  find(kind: Found, what: string, replay: string): void {
    this.findings.push({ kind, what, replay })
  }

  private cell(column: Counted | Found): number {
    const found = this.findings.filter((one) => one.kind === column).length
    return this.counts.get(column as Counted) ?? found
  }

  /** The columns that any of the rows has something in, and those where zero is due. */
  static table(rows: readonly Tally[]): string {
    const columns = [...COUNTED, ...FOUND]
    const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
    return [
      line(['', ...columns]),
      `|${'---|'.repeat(columns.length + 1)}`,
      ...rows.map((row) => line([row.name, ...columns.map((column) => row.cell(column))])),
    ].join('\n')
  }
}
