/** The terminal, or the lack of one: plain lines, colours, and a live area that is drawn again and again. */
import pc from 'picocolors'

export interface Choice<T> {
  readonly value: T
  readonly label: string
}

export interface Question {
  /** What an empty line stands for. */
  readonly initial?: string
  readonly fault?: (answer: string) => string | undefined
}

export interface Terminal {
  /** Whether a person watches: output and input are a terminal. */
  readonly interactive: boolean
  readonly colors: ReturnType<typeof pc.createColors>
  readonly columns: number
  readonly rows: number
  /** Prints a line on standard output, above the live area. */
  print(text?: string): void
  /** Prints on standard error, above the live area. */
  warn(text: string): void
  /** Replaces the live area; without a terminal it does nothing. */
  draw(lines: readonly string[]): void
  /** Leaves the live area as it stands and begins below it. */
  keep(): void
  /** Asks a person; only where one watches. Ctrl-C is no answer: it interrupts. */
  confirm(message: string): Promise<boolean>
  /** Has a person choose one of several; only where one watches. */
  choose<T extends string>(message: string, options: readonly Choice<T>[]): Promise<T>
  /** Has a person write a line; only where one watches. `fault` says what is wrong with an answer. */
  ask(message: string, question: Question): Promise<string>
  /** Prints nothing from now on: what goes on after an interruption is only the clearing up. */
  mute(): void
}

/** A terminal that prints nothing, for `--json`. */
export const quiet = (terminal: Terminal): Terminal => ({
  ...terminal,
  interactive: false,
  print: () => undefined,
  draw: () => undefined,
})

const HIDE = '\u001b[?25l'
const SHOW = '\u001b[?25h'

/** The terminal of this process. */
export function processTerminal(): Terminal {
  const { stdout, stderr, stdin } = process
  const interactive = Boolean(stdout.isTTY && stdin.isTTY) && !process.env.CI
  let drawn: readonly string[] = []
  let muted = false
  const shows = cursorAtTheEnd((text) => stdout.write(text))
  const clear = () => {
    if (drawn.length) stdout.write(`\u001b[${drawn.length}A\u001b[0J`)
  }
  const terminal: Terminal = {
    interactive,
    colors: pc.createColors(Boolean(stdout.isTTY) && !process.env.NO_COLOR),
    get columns() {
      return stdout.columns ?? 100
    },
    get rows() {
      return stdout.rows ?? 40
    },
    print: (text = '') => {
      if (muted) return
      clear()
      stdout.write(`${text}\n`)
      if (drawn.length) stdout.write(`${drawn.join('\n')}\n`)
    },
    warn: (text) => {
      clear()
      stderr.write(`${text}\n`)
      if (drawn.length) stdout.write(`${drawn.join('\n')}\n`)
    },
    draw: (lines) => {
      if (!interactive || muted) return
      if (!drawn.length) shows.watch()
      const shown = lines
        .slice(0, Math.max(3, terminal.rows - 2))
        .map((line) => cut(line, terminal.columns - 1))
      clear()
      stdout.write(`${HIDE}${shown.join('\n')}\n`)
      drawn = shown
    },
    keep: () => {
      if (drawn.length) stdout.write(SHOW)
      drawn = []
      shows.end()
    },
    mute: () => {
      muted = true
    },
    confirm: async (message) => {
      const { confirm } = await import('@clack/prompts')
      return answered<boolean>(await confirm({ message }))
    },
    ask: async (message, { initial = '', fault }) => {
      const { text } = await import('@clack/prompts')
      const validate = (answer = '') => fault?.(answer || initial)
      const answer = await text({ message, placeholder: initial, defaultValue: initial, validate })
      return answered<string>(answer ?? initial)
    },
    choose: async <T extends string>(message: string, options: readonly Choice<T>[]): Promise<T> => {
      const { select } = await import('@clack/prompts')
      return answered<T>((await select<string>({ message, options: [...options] })) as T | symbol)
    },
  }
  if (interactive) process.once('exit', () => stdout.write(SHOW))
  return terminal
}

/** At a prompt Ctrl-C is a key and no signal; it is meant as one, not as an answer. */
function answered<T>(answer: T | symbol): Promise<T> | T {
  if (typeof answer !== 'symbol') return answer
  process.kill(process.pid, 'SIGINT')
  return new Promise(() => undefined)
}

const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

/** Shows the cursor again where a signal ends the process while it is hidden. */
function cursorAtTheEnd(write: (text: string) => void): { watch(): void; end(): void } {
  const end = () => {
    for (const signal of SIGNALS) process.off(signal, ended)
  }
  const ended = (signal: NodeJS.Signals) => {
    end()
    write(SHOW)
    // Others that listen come after this one and decide; without them the signal ends the process, as it would have.
    if (!process.listenerCount(signal)) process.kill(process.pid, signal)
  }
  return {
    watch: () => {
      end()
      for (const signal of SIGNALS) process.prependListener(signal, ended)
    },
    end,
  }
}

// biome-ignore lint/suspicious/noControlCharactersInRegex: escape sequences begin with a control character
const ESCAPE = /\u001b\[[0-9;]*m/y

/** Cuts a line to so many visible characters, colour sequences not counted. */
export function cut(line: string, width: number): string {
  let visible = 0
  let result = ''
  for (let at = 0; at < line.length; ) {
    ESCAPE.lastIndex = at
    const sequence = ESCAPE.exec(line)
    if (sequence) {
      result += sequence[0]
      at += sequence[0].length
      continue
    }
    if (visible === width) return `${result}\u001b[0m`
    result += line[at]
    visible++
    at++
  }
  return result
}
