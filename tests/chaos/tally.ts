/** What a run of chaos counts, what it finds, and the table of both. */

/** What is counted as it happens. */
export const COUNTED = [
  'rounds',
  'kills',
  'restarts',
  'acknowledged writes checked',
  'deliveries that came again',
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

/** One column of the table. */
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

  counted(what: Counted): number {
    return this.counts.get(what) ?? 0
  }

  get isEmpty(): boolean {
    return this.counts.size === 0 && this.findings.length === 0
  }

  /** A column for each tally, a line for everything that is counted or must be zero. */
  static table(tallies: readonly Tally[]): string {
    const line = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`
    return [
      line(['', ...tallies.map(({ name }) => name)]),
      `|---|${'---:|'.repeat(tallies.length)}`,
      ...COUNTED.map((what) => line([what, ...tallies.map((one) => one.counts.get(what) ?? '')])),
      ...FOUND.map((kind) =>
        line([
          `**${kind}**`,
          ...tallies.map((one) => one.findings.filter((found) => found.kind === kind).length),
        ]),
      ),
    ].join('\n')
  }
}
