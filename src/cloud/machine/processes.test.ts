import { spawn, spawnSync } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from 'vitest'
import { MARK, marksOfPs, Processes } from './processes.ts'

const folder = mkdtempSync(join(tmpdir(), 'crossdock-processes-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const env = { PATH: process.env.PATH }

/** Whether a process runs; one that nobody has asked for its status is listed as a zombie. */
const runs = (pid: number): boolean =>
  /^[^Z]/.test(spawnSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).stdout.trim())

/** Starts a shell whose first words are the numbers of the processes it started. */
async function start(processes: Processes, script: string): Promise<{ pids: number[]; end: () => void }> {
  const { child, end } = processes.start('sh', ['-c', script], { env, stdio: ['ignore', 'pipe', 'inherit'] })
  const [printed] = await once(child.stdout!, 'data')
  child.stdout!.destroy()
  return { pids: [child.pid!, ...String(printed).trim().split(' ').map(Number)], end }
}

const LEAVE = `require('child_process').spawn('sleep', ['600'], { detached: true, stdio: 'ignore' }).unref()`
// In a session of its own, in the group, and in the group without a mark.
const FAMILY = `'${process.execPath}' -e "${LEAVE}"
sleep 600 & a=$!
env -i /bin/sleep 600 & b=$!
echo $a $b; wait`

describe('Processes', () => {
  test('end with all they started, in whatever group that is', async () => {
    const processes = await Processes.open(folder)
    const { pids, end } = await start(processes, FAMILY)
    const marks = await marksOfPs()
    const { mark } = marks.find(({ pid }) => pid === pids[0])!
    const marked = marks.filter((one) => one.mark === mark).map(({ pid }) => pid)
    expect([pids.filter(runs), marked.length]).toEqual([pids, 3])
    end()
    await processes.close()
    expect([...pids, ...marked].filter(runs)).toEqual([])
  })

  test('that a killed cloud left are ended before the next one starts any, and no others', async () => {
    const killed = await Processes.open(folder)
    const left = await start(killed, 'sleep 600 & echo $!; wait')
    const other = mkdtempSync(join(folder, 'other-'))
    const neighbour = await Processes.open(other)
    const foreign = await start(neighbour, 'sleep 600 & echo $!; wait')
    const run = readFileSync(join(folder, 'processes'), 'utf8').trim()
    const stranger = spawn('sleep', ['600'], {
      env: { ...env, [MARK]: `x${run}.1`, OTHER: `${MARK}=${run}.1` },
    })
    const next = await Processes.open(folder)
    expect([...left.pids, ...foreign.pids, stranger.pid!].filter(runs)).toEqual([
      ...foreign.pids,
      stranger.pid!,
    ])
    stranger.kill()
    foreign.end()
    await neighbour.close()
    await next.close()
  })

  test('are found by ps where there is no /proc', async () => {
    const processes = await Processes.open(folder)
    const { pids, end } = await start(processes, 'sleep 600 & echo $!; wait')
    const found = await marksOfPs()
    const marks = pids.map((pid) => found.find((one) => one.pid === pid)?.mark)
    expect(marks[0]).toMatch(/^[0-9a-f-]{36}\.1$/)
    expect(marks[1]).toBe(marks[0])
    end()
    await processes.close()
  })
})
