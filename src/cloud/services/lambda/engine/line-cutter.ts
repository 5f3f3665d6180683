/** Makes lines of text that comes in pieces; a line without end is cut. */

/** Characters after which a line that goes on is handed on. */
const LIMIT = 60_000

export class LineCutter {
  private readonly onLine: (line: string) => void
  private partial = ''

  constructor(onLine: (line: string) => void) {
    this.onLine = onLine
  }

  write(text: string): void {
    const lines = text.split('\n')
    lines[0] = this.partial + lines[0]
    this.partial = lines.pop()!
    for (const line of lines) this.onLine(line)
    for (; this.partial.length > LIMIT; this.partial = this.partial.slice(LIMIT))
      this.onLine(this.partial.slice(0, LIMIT))
  }

  end(): void {
    if (this.partial) this.onLine(this.partial)
    this.partial = ''
  }
}
