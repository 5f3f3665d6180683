/** A terminal that keeps what it is shown, without colours: one that nobody watches, or one that somebody does. */
import pc from 'picocolors'
import type { Terminal } from '../src/cli/terminal.ts'

export interface FakeTerminal {
  readonly terminal: Terminal
  /** What was printed and warned of, in its order. */
  readonly lines: string[]
  readonly warned: string[]
  /** Each state of the live area; `undefined` where it was left as it stood. */
  readonly drawn: (readonly string[] | undefined)[]
}

/**
 * `answers`: to what it is asked, by a part of the question; anything else is answered no. `written`: lines, by a part of
 * theirs, each used once; what is suggested otherwise.
 */
export function fakeTerminal({
  interactive = false,
  answers = [],
  written = [],
}: {
  interactive?: boolean
  answers?: readonly RegExp[]
  written?: readonly (readonly [RegExp, string])[]
} = {}): FakeTerminal {
  const lines: string[] = []
  const warned: string[] = []
  const drawn: (readonly string[] | undefined)[] = []
  const unused = [...written]
  const lineFor = (message: string): string | undefined => {
    const at = unused.findIndex(([pattern]) => pattern.test(message))
    return at < 0 ? undefined : unused.splice(at, 1)[0]![1]
  }
  const terminal: Terminal = {
    interactive,
    colors: pc.createColors(false),
    columns: 100,
    rows: 40,
    print: (text = '') => void lines.push(text),
    warn: (text) => {
      lines.push(text)
      warned.push(text)
    },
    draw: (area) => void drawn.push(area),
    keep: () => void drawn.push(undefined),
    mute: () => undefined,
    confirm: async (message) => {
      lines.push(message)
      return answers.some((one) => one.test(message))
    },
    ask: async (message, { initial = '', fault }) => {
      lines.push(message)
      const answer = lineFor(message) ?? initial
      const wrong = fault?.(answer)
      if (wrong) throw new Error(`${message} ${wrong}`)
      return answer
    },
    choose: async (message, options) => {
      lines.push(message)
      const found = options.find(({ label }) => answers.some((one) => one.test(label)))
      if (!found) throw new Error(`nothing to choose for ${message}`)
      return found.value
    },
  }
  return { terminal, lines, warned, drawn }
}
