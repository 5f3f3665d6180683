import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Processes } from '../../../machine/processes.ts'
import { Shell, type ShellOptions } from './shell.ts'

const scratch = mkdtempSync(join(tmpdir(), 'crossdock-shell-'))
const processes = await Processes.open(scratch)
afterAll(async () => {
  await processes.close()
  rmSync(scratch, { recursive: true, force: true })
})

function start(
  shell: 'sh' | 'bash' = 'sh',
  environment: Record<string, string> = {},
  output?: ShellOptions['output'],
) {
  let text = ''
  const made = new Shell({
    processes,
    shell,
    folder: tmpdir(),
    scratch,
    environment: { PATH: process.env.PATH ?? '', ...environment },
    output:
      output ??
      ((part) => {
        text += part
        return undefined
      }),
  })
  return { shell: made, printed: () => text }
}

describe('Shell', () => {
  test('keeps variables, functions and the folder between commands', async () => {
    const { shell, printed } = start()
    expect(await shell.run('NAME=Ada; greet() { echo "hi $NAME in $PWD"; }; cd /')).toBe(0)
    expect(await shell.run('greet')).toBe(0)
    await shell.end()
    expect(printed()).toBe('hi Ada in /\n')
  })

  test('gives the status of each command, and goes on after a failing one', async () => {
    const { shell } = start()
    expect(await shell.run('(exit 7)')).toBe(7)
    expect(await shell.run('no-such-command-here')).toBe(127)
    expect(await shell.run('true')).toBe(0)
    await shell.end()
  })

  test('survives a command that exits, with what it exported', async () => {
    const { shell, printed } = start()
    expect(await shell.run('export LEFT=behind; cd /; exit 3')).toBe(3)
    expect(await shell.run('echo "$LEFT $PWD"')).toBe(0)
    await shell.end()
    expect(printed()).toBe('behind /\n')
  })

  test('runs commands of several lines, and none may read the commands that follow', async () => {
    const { shell, printed } = start()
    expect(await shell.run('for n in 1 2; do\n  echo "line $n"\ndone\ncat')).toBe(0)
    expect(await shell.run('echo after')).toBe(0)
    await shell.end()
    expect(printed()).toBe('line 1\nline 2\nafter\n')
  })

  test('hands out the environment it ended with, and sees only what it was given', async () => {
    process.env.CROSSDOCK_LEAK = 'no'
    const { shell, printed } = start('bash', { GIVEN: 'yes' })
    await shell.run('export TAG=v1; echo "${GIVEN} ${CROSSDOCK_LEAK:-unset}"')
    const environment = await shell.end()
    delete process.env.CROSSDOCK_LEAK
    expect(environment.TAG).toBe('v1')
    expect(printed()).toBe('yes unset\n')
  })

  test('is killed with all it started', async () => {
    const { shell } = start()
    const running = shell.run('sleep 600')
    setImmediate(() => shell.kill())
    expect(await running).toBe(-1)
    expect(await shell.run('true')).toBe(-1)
    await shell.end()
  })

  test('does not wait for what was left in the background, and ends it', async () => {
    const { shell, printed } = start()
    expect(await shell.run('sleep 600 & echo "$!"')).toBe(0)
    await shell.end()
    expect(printed()).toMatch(/^\d+\n$/)
    const { stdout } = spawnSync('ps', ['-o', 'stat=', '-p', printed().trim()], { encoding: 'utf8' })
    // One that nobody has asked for its status yet is still listed, as a zombie.
    expect(stdout.trim()).toMatch(/^(Z.*)?$/)
  })

  test('has read all that a command printed when the command is over', async () => {
    const { shell, printed } = start()
    for (let count = 1; count <= 20; count++) {
      await shell.run('seq 1 2000; echo end >&2')
      expect(printed().split('\n').length).toBe(2001 * count + 1)
    }
    await shell.end()
  })

  test('puts variables and commands into a text, and takes quotes as they are', async () => {
    const { shell } = start()
    await shell.run('NAME=site')
    expect(await shell.expand('"$NAME"-$(echo 7).zip')).toBe('"site"-7.zip')
    await shell.end()
  })

  const FORGERIES = {
    'writes to every descriptor it can name':
      'for n in 3 4 5 6 7 8 9; do eval "echo 0 >&$n"; done 2>/dev/null; false',
    'writes to the descriptors that the shell has put aside':
      'for n in 10 11 12 13 255; do [ -e /dev/fd/$n ] && [ -n "$BASH" ] && eval "echo 0 >&$n"; done 2>/dev/null; false',
    'opens the descriptors of its own process, of the shell and of its parent':
      'for f in /proc/self/fd/[0-9] /proc/$$/fd/[0-9] /proc/$$/fd/1[0-9]; do (echo 0 > $f) 2>/dev/null; done; false',
    'has a program in the background write all the time':
      '(trap "" PIPE; while :; do echo 0 >&3; done) 2>/dev/null & sleep 0.05; false',
    'takes the descriptor for its own use': 'exec 3>&1; echo 0 >&3; false',
    'closes descriptors': 'exec 3>&- 4>&-; false',
    'gives printf and echo another meaning': 'printf() { :; }; echo() { :; }; alias printf=true; false',
    'sets a trap that succeeds': "trap 'echo bye' EXIT; trap : HUP; false",
    'ends at the first failure': 'set -e; (exit 1); true',
    'prints what an answer looks like': 'echo 0; echo "$0 0" >&2; false',
    'is replaced by a program': 'exec false',
    'ends its shell': 'exit 1',
    returns: 'return 1',
  }

  for (const shell of ['sh', 'bash'] as const)
    test.each(Object.entries(FORGERIES))(
      `${shell}: a command fails that fails, and %s`,
      async (_, forgery) => {
        const { shell: made, printed } = start(shell)
        expect(await made.run(forgery)).toBe(1)
        expect(await made.run('command echo next')).toBe(0)
        expect(await made.run('(exit 5)')).toBe(5)
        await made.end()
        expect(printed()).toContain('next\n')
      },
    )

  test('leaves every descriptor but its output to the commands', async () => {
    const { shell, printed } = start()
    expect(await shell.run('exec 3>&1; echo first >&3')).toBe(0)
    expect(await shell.run('echo second >&3; exec 3>&-; set -x; true')).toBe(0)
    expect(await shell.run('echo third >&3')).not.toBe(0)
    await shell.end()
    expect(printed()).toMatch(/^first\nsecond\n\+ true\n/)
    expect(printed()).not.toMatch(/third\n|printf/)
  })

  test('hands out its environment although a command took the trap for its own ends', async () => {
    const { shell, printed } = start()
    await shell.run("trap 'echo bye' EXIT; export LEFT=behind")
    expect((await shell.end()).LEFT).toBe('behind')
    expect(printed()).toBe('bye\n')
  })

  test('waits for its output to be taken, and gives the status after it', async () => {
    let taken = 0
    const { shell } = start('sh', {}, (text) => {
      taken += text.length
      return new Promise((resolve) => setImmediate(resolve))
    })
    expect(await shell.run('head -c 3000000 /dev/zero; exit 4')).toBe(4)
    expect(taken).toBe(3_000_000)
    expect(await shell.run('head -c 1000000 /dev/zero')).toBe(0)
    expect(taken).toBe(4_000_000)
    await shell.end()
  })

  test('goes on while something in the background prints without end', async () => {
    const { shell } = start()
    expect(await shell.run('yes & true')).toBe(0)
    expect(await shell.run('false')).toBe(1)
    await shell.end()
  })
})
