/** cfn-lint finds nothing to say about any template. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { FLEETS, templatesOf } from './synth-fleets.ts'

const missing = spawnSync('cfn-lint', ['--version']).status !== 0

test.skipIf(missing)(
  `cfn-lint is content${missing ? ' (skipped: cfn-lint is not installed)' : ''}`,
  async () => {
    const folder = mkdtempSync(join(tmpdir(), 'crossdock-lint-'))
    try {
      const files: string[] = []
      for (const [name, file] of Object.entries(FLEETS))
        for (const [one, text] of await templatesOf(file)) {
          files.push(join(folder, `${name}.${one}`))
          writeFileSync(files.at(-1)!, text)
        }
      const { stdout, stderr, status } = spawnSync('cfn-lint', files, { encoding: 'utf8' })
      expect({ stdout, stderr, status }).toEqual({ stdout: '', stderr: '', status: 0 })
    } finally {
      rmSync(folder, { recursive: true })
    }
  },
  120_000,
)
