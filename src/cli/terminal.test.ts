import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { cut, processTerminal } from './terminal.ts'

const [RED, OFF] = ['\u001b[31m', '\u001b[39m']
const [HIDE, SHOW] = ['\u001b[?25l', '\u001b[?25h']

describe('cutting a line', () => {
  test('counts what can be seen, and ends its colours', () => {
    expect(cut('hello', 5)).toBe('hello')
    expect(cut('hello', 3)).toBe('hel\u001b[0m')
    expect(cut(`${RED}hello${OFF}`, 5)).toBe(`${RED}hello${OFF}`)
    expect(cut(`${RED}hello${OFF}`, 2)).toBe(`${RED}he\u001b[0m`)
  })
})

const written: string[] = []
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const
const listeners = () => signals.map((signal) => process.listenerCount(signal))

beforeEach(() => {
  written.length = 0
  vi.stubEnv('CI', '')
  vi.stubEnv('NO_COLOR', '1')
  vi.spyOn(process.stdout, 'write').mockImplementation((text) => Boolean(written.push(String(text))))
  vi.spyOn(process.stderr, 'write').mockImplementation((text) => Boolean(written.push(`! ${text}`)))
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
})

/** The process's terminal while standard output and input are, or are not, one. */
function terminalOf(isTTY: boolean) {
  const streams = [process.stdout, process.stdin]
  const before = streams.map((stream) => Object.getOwnPropertyDescriptor(stream, 'isTTY'))
  for (const stream of streams) Object.defineProperty(stream, 'isTTY', { value: isTTY, configurable: true })
  const exits = process.listeners('exit')
  const terminal = processTerminal()
  for (const one of process.listeners('exit')) if (!exits.includes(one)) process.off('exit', one)
  for (const [index, stream] of streams.entries())
    if (before[index]) Object.defineProperty(stream, 'isTTY', before[index])
    else Reflect.deleteProperty(stream, 'isTTY')
  return terminal
}

describe('without a terminal', () => {
  test('lines are printed, warnings go to the other stream, and nothing is drawn', () => {
    const terminal = terminalOf(false)
    terminal.print('one')
    terminal.draw(['live'])
    terminal.warn('two')
    terminal.print()
    expect(terminal.interactive).toBe(false)
    expect(written).toEqual(['one\n', '! two\n', '\n'])
  })

  test('nothing is printed once it is mute, but warnings are', () => {
    const terminal = terminalOf(false)
    terminal.mute()
    terminal.print('one')
    terminal.warn('two')
    expect(written).toEqual(['! two\n'])
  })

  test('nor is one that nobody watches interactive', () => {
    vi.stubEnv('CI', 'true')
    expect(terminalOf(true).interactive).toBe(false)
  })
})

describe('at a terminal', () => {
  test('the live area is drawn over itself, and what is printed stands above it', () => {
    const terminal = terminalOf(true)
    terminal.draw(['a', 'b'])
    terminal.draw(['c'])
    terminal.print('line')
    terminal.keep()
    expect(written).toEqual([
      `${HIDE}a\nb\n`,
      '\u001b[2A\u001b[0J',
      `${HIDE}c\n`,
      '\u001b[1A\u001b[0J',
      'line\n',
      'c\n',
      SHOW,
    ])
  })

  test('what is kept stays', () => {
    const terminal = terminalOf(true)
    terminal.draw(['a'])
    terminal.keep()
    terminal.keep()
    terminal.print('line')
    expect(written).toEqual([`${HIDE}a\n`, SHOW, 'line\n'])
  })

  test('the area is no higher than the screen, and its lines no longer', () => {
    const terminal = terminalOf(true)
    vi.spyOn(terminal, 'rows', 'get').mockReturnValue(6)
    vi.spyOn(terminal, 'columns', 'get').mockReturnValue(4)
    terminal.draw(Array(9).fill('long'))
    expect(written[0]).toBe(`${HIDE}${Array(4).fill('lon\u001b[0m').join('\n')}\n`)
    terminal.keep()
  })

  test('a signal while the cursor is hidden shows it, and then ends the process as it would have', () => {
    const before = listeners()
    const killed = vi.spyOn(process, 'kill').mockReturnValue(true)
    const others = process.listeners('SIGTERM')
    process.removeAllListeners('SIGTERM')
    const terminal = terminalOf(true)
    terminal.draw(['a'])
    process.emit('SIGTERM', 'SIGTERM')
    expect(written.at(-1)).toBe(SHOW)
    expect(killed).toHaveBeenCalledWith(process.pid, 'SIGTERM')
    for (const one of others) process.on('SIGTERM', one)
    expect(listeners()).toEqual(before)
    terminal.keep()
  })

  test('others that listen to the signal decide what becomes of the process', () => {
    const killed = vi.spyOn(process, 'kill').mockReturnValue(true)
    const heard = vi.fn()
    process.once('SIGTERM', heard)
    const terminal = terminalOf(true)
    terminal.draw(['a'])
    process.emit('SIGTERM', 'SIGTERM')
    expect(heard).toHaveBeenCalledTimes(1)
    expect(killed).not.toHaveBeenCalled()
    terminal.keep()
  })

  test('no signal is listened to while nothing is drawn', () => {
    const before = listeners()
    const terminal = terminalOf(true)
    terminal.draw(['a'])
    terminal.draw(['b'])
    expect(listeners()).toEqual(before.map((count) => count + 1))
    terminal.keep()
    expect(listeners()).toEqual(before)
  })
})
