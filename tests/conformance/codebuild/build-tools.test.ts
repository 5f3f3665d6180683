/** Commands that CodeBuild has in every build: files by pattern, their hash, and tests shared among builds. */
import {
  BatchGetBuildsCommand,
  ListBuildsForProjectCommand,
  StartBuildBatchCommand,
} from '@aws-sdk/client-codebuild'
import { expect, it } from 'vitest'
import { buildspec, openBuilder, printed } from './builder.ts'

const builder = await openBuilder()
const FILES =
  'mkdir -p tests/deep docs .git; for one in a b c; do echo $one > tests/test_$one.py; done; echo d > "tests/deep/test d.py"; echo x > .git/test_x.py; echo r > docs/read.md'

it('codebuild-glob-search lists files, and says where there are none', async () => {
  const { log } = await builder.once(
    'globs',
    buildspec({
      build: [
        FILES,
        "codebuild-glob-search 'tests/*.py'; echo --",
        "codebuild-glob-search '**/test_*.py' '**/*.md' | tail -1; echo --",
        "cd tests; codebuild-glob-search '**/*d.py'; echo --",
        "codebuild-glob-search '*.none'",
      ],
    }),
  )
  expect(printed(log).join(' ')).toBe(
    'tests/test_a.py tests/test_b.py tests/test_c.py -- tests/test_c.py -- deep/test d.py -- No files were found that match *.none',
  )
})

it('codebuild-hash-files follows what is in the files, wherever it is called', async () => {
  const { log, build } = await builder.once(
    'hashes',
    buildspec({
      build: [
        FILES,
        "one=$(codebuild-hash-files 'tests/*.py'); cd tests; two=$(codebuild-hash-files 'tests/*.py')",
        'echo more >> test_a.py; three=$(codebuild-hash-files "tests/*.py"); echo ${#one}',
        'test $one = $two && test $one != $three && ! codebuild-hash-files none.txt',
      ],
    }),
  )
  expect(build.buildStatus, log).toBe('SUCCEEDED')
  expect(printed(log)).toEqual(['64', 'No files were found that match none.txt'])
})

/** What each build of a fan-out ran. */
async function fannedOut(name: string, run: string): Promise<string[][]> {
  const batchRole = await builder.role(`starts-${name}`, [{ Action: 'codebuild:*' }])
  const spec = JSON.stringify({
    version: 0.2,
    batch: { 'build-fanout': { parallelism: 3 } },
    phases: { build: { commands: [FILES, run] } },
  })
  await builder.project(name, spec, { buildBatchConfig: { serviceRole: batchRole } })
  await builder.codebuild.send(new StartBuildBatchCommand({ projectName: name }))
  await builder.cloud.settled()
  const { ids } = await builder.codebuild.send(
    new ListBuildsForProjectCommand({ projectName: name, sortOrder: 'ASCENDING' }),
  )
  const { builds } = await builder.codebuild.send(new BatchGetBuildsCommand({ ids: ids!.slice(1) }))
  return Promise.all(
    builds!.map(async (one) => {
      const log = await builder.log(one)
      expect(one.buildStatus, log).toBe('SUCCEEDED')
      return printed(log)
    }),
  )
}

it('codebuild-tests-run gives each build of a fan-out its share, in runs of the names', async () => {
  const shares = await fannedOut(
    'equal',
    `codebuild-tests-run --test-command 'printf "%s\\n" runs' --files-search "codebuild-glob-search 'tests/**/*.py'"`,
  )
  expect(shares.map((one) => one.slice(1)).sort()).toEqual([
    ['tests/deep/test d.py', 'tests/test_a.py'],
    ['tests/test_b.py'],
    ['tests/test_c.py'],
  ])
})

it('or by their names alone, in a form of one’s own', async () => {
  const shares = await fannedOut(
    'stable',
    `codebuild-tests-run --sharding-strategy=stability --test-command 'echo "$CODEBUILD_CURRENT_SHARD_FILES" | sed "s|^|own |"' --files-search "codebuild-glob-search 'tests/**/*.py'"`,
  )
  const ran = shares.flat().filter((line) => line.startsWith('own '))
  expect(ran.sort()).toEqual(
    ['deep/test d.py', 'test_a.py', 'test_b.py', 'test_c.py'].map((one) => `own tests/${one}`),
  )
})

it('a build by itself runs all tests, and fails with them', async () => {
  const run = (command: string, more = '') =>
    `codebuild-tests-run --test-command '${command}' --files-search "codebuild-glob-search 'tests/*.py'" ${more}`
  const { log } = await builder.once(
    'alone',
    buildspec({
      build: [
        FILES,
        run('echo all'),
        `${run('false')} || echo failed`,
        `${run('true', '--sharding-strategy by-luck')} || echo refused`,
        `codebuild-tests-run --test-command true || echo refused`,
      ],
    }),
  )
  expect(printed(log)).toEqual([
    'all tests/test_a.py tests/test_b.py tests/test_c.py',
    'failed',
    'by-luck is no sharding strategy: it is equal-distribution or stability',
    'refused',
    'codebuild-tests-run wants --files-search',
    'refused',
  ])
})
