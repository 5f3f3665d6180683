/** Packaged serverless applications as the aws CLI deploys them; skipped where it is not installed. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { LambdaClient } from '@aws-sdk/client-lambda'
import { describe, expect, it } from 'vitest'
import { startTestCloud } from '../cloud.ts'
import { commandLine, hasCli } from '../command-line.ts'
import { invoke } from '../lambda/functions.ts'
import { PACKAGED_CAPABILITIES as CAPABILITIES, packaged, uploadPackages } from './packaged.ts'
import { driveStacks } from './stack-driver.ts'

const test = await startTestCloud()
const stacks = driveStacks(test)
const lambda = test.client(LambdaClient)
await uploadPackages(test)

describe.skipIf(!hasCli)('aws cloudformation deploy (skipped: the aws CLI is not installed)', () => {
  it('deploys what sam package wrote', async () => {
    const { folder, aws } = commandLine(test.cloud, 'us-east-1')
    writeFileSync(join(folder, 'packaged.yaml'), packaged('one.zip'))
    const said = await aws(
      ...['cloudformation', 'deploy', '--template-file', 'packaged.yaml', '--stack-name', 'by-cli'],
      ...['--capabilities', ...CAPABILITIES],
    )
    expect(said).toContain('Successfully created/updated stack - by-cli')
    const { Alias } = await stacks.outputs('by-cli')
    expect((await invoke(lambda, Alias!)).result).toBe('one')
  }, 120_000)
})
