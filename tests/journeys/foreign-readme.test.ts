/** The commands in the READMEs of examples/foreign, as they are written there. */
import { execFile } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { promisify } from 'node:util'
import { expect, test } from 'vitest'

const run = promisify(execFile)

const blocksOf = (text: string): string[] =>
  [...text.matchAll(/^```\n(.*?)^```$/gms)].map(([, block = '']) => block)

test.each(['change-sets', 'ecs-policies', 'single-click'])('%s', { timeout: 60_000 }, async (name) => {
  const cwd = resolve('examples', 'foreign', name)
  const blocks = blocksOf(readFileSync(resolve(cwd, 'README.md'), 'utf8'))
  expect(blocks.length).toBeGreaterThan(0)
  const crossdock = `crossdock() { "${process.execPath}" "${resolve('dist/cli.cjs')}" "$@"; }`
  const { stdout } = await run('bash', ['-ec', [crossdock, ...blocks].join('\n')], { cwd })
  expect(stdout).toMatch(/✔ \d templates: (\d+) of \1 permissions proven/)
})
