import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { Shell } from './shell.ts'

const scratch = mkdtempSync(join(tmpdir(), 'crossdock-shell-'))
afterAll(() => rmSync(scratch, { recursive: true, force: true }))

function start(shell: 'sh' | 'bash' = 'sh', environment: Record<string, string> = {}) {
  let text = ''
  const made = new Shell({
    shell,
    folder: tmpdir(),
    scratch,
    environment: { PATH: process.env.PATH ?? '', ...environment },
    output: (part) => {
      text += part
    },
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
})
