import { execFile } from 'node:child_process'
import { chmod, mkdir, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join, resolve } from 'node:path'
import { promisify } from 'node:util'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'

const execute = promisify(execFile)

/** A chunk that says whether V8 took it from what was kept: a function of a kept script is there before it is called. */
const CHUNK = 'chunk-abcd1234.cjs'

let folder: string
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'crossdock-compiled-'))
  await mkdir(join(folder, 'dist'))
  await writeFile(join(folder, 'dist', CHUNK), 'exports.add = (a, b) => a + b\n')
  await writeFile(
    join(folder, 'entry.mts'),
    `import vm from 'node:vm'
    import { createRequire, syncBuiltinESMExports } from 'node:module'
    const taken = []
    vm.Script = class extends vm.Script {
      constructor(source, options) {
        super(source, options)
        taken.push(options.cachedData ? (this.cachedDataRejected ? 'rejected' : 'kept') : 'compiled')
      }
    }
    syncBuiltinESMExports()
    const { keepCompiled } = await import(${JSON.stringify(resolve('src/cli/keep-compiled.ts'))})
    const dist = ${JSON.stringify(join(folder, 'dist'))}
    keepCompiled(dist, 'check')
    const chunk = createRequire(dist + '/x.cjs')('./${CHUNK}')
    console.log(JSON.stringify({ taken, sum: chunk.add(1, 2) }))
    `,
  )
})
afterEach(() => rm(folder, { recursive: true, force: true }))

async function run(variables: Record<string, string> = {}): Promise<unknown> {
  const { stdout } = await execute(
    process.execPath,
    [resolve('node_modules/jiti/lib/jiti-cli.mjs'), join(folder, 'entry.mts')],
    { env: { PATH: process.env.PATH, HOME: folder, XDG_CACHE_HOME: join(folder, 'cache'), ...variables } },
  )
  return JSON.parse(stdout)
}

const keptFolder = async () => {
  const above = join(folder, 'cache', 'crossdock', 'compiled')
  return join(above, (await readdir(above))[0]!)
}

describe('what is kept of a command', () => {
  test('is taken by its next run', async () => {
    expect(await run()).toEqual({ taken: ['compiled'], sum: 3 })
    expect(await run()).toEqual({ taken: ['kept'], sum: 3 })
    const kept = await keptFolder()
    expect(await readdir(kept)).toEqual(['check.v8'])
    expect((await stat(kept)).mode & 0o777).toBe(0o700)
  })

  test('is made anew where it was cut off', async () => {
    await run()
    const file = join(await keptFolder(), 'check.v8')
    const whole = await readFile(file)
    await writeFile(file, whole.subarray(0, whole.length / 2))
    expect(await run()).toMatchObject({ taken: ['compiled'], sum: 3 })
    expect(await run()).toMatchObject({ taken: ['kept'] })
  })

  test('is not taken from a folder that others write into', async () => {
    await run()
    await chmod(await keptFolder(), 0o777)
    expect(await run()).toMatchObject({ taken: ['compiled'], sum: 3 })
  })

  test('is nothing where Node is told to keep nothing', async () => {
    for (let round = 0; round < 2; round++)
      expect(await run({ NODE_DISABLE_COMPILE_CACHE: '1' })).toEqual({ taken: [], sum: 3 })
    await expect(keptFolder()).rejects.toThrow('ENOENT')
  })

  test('is nothing where no folder can be made', async () => {
    for (let round = 0; round < 2; round++)
      expect(await run({ XDG_CACHE_HOME: '/dev/null' })).toEqual({ taken: ['compiled'], sum: 3 })
  })
})
