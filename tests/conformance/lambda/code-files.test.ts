/** The files of functions' code: written by several at once, and taken away only after the commit that frees them. */
import { createHash } from 'node:crypto'
import { existsSync, readdirSync } from 'node:fs'
import { DeleteFunctionCommand, UpdateFunctionCodeCommand } from '@aws-sdk/client-lambda'
import { expect, it } from 'vitest'
import type { Context } from '../../../src/cloud/kernel/context.ts'
import { codeFolder, storeCode } from '../../../src/cloud/services/lambda/engine/code.ts'
import { versions } from '../../../src/cloud/services/lambda/state.ts'
import { startTestCloud } from '../cloud.ts'
import { LambdaClient, makeFunction, makeRole, zip } from './functions.ts'

const test = await startTestCloud()
const lambda = test.client(LambdaClient)
const role = await makeRole(test, 'runner')
const saying = (what: string) => `export const handler = async () => ${JSON.stringify(what)}`

it('takes the same code from several requests at once', async () => {
  const ctx = { cloud: test.cloud } as Context
  for (let round = 0; round < 30; round++) {
    const ZipFile = zip({ 'index.mjs': saying(`round ${round}`) })
    const stored = await Promise.all(Array.from({ length: 3 }, () => storeCode(ctx, { ZipFile })))
    for (const { codeSha256 } of stored)
      expect(readdirSync(codeFolder(test.cloud, codeSha256))).toEqual(['index.mjs'])
  }
})

/** Tells whether code was there when the first commit after its last version began. */
async function thereAtCommit(
  codeSha256: string,
  change: () => Promise<unknown>,
): Promise<boolean | undefined> {
  const { store } = test.cloud
  const flush = store.flush.bind(store)
  const isUsed = () =>
    store
      .everywhere(versions)
      .some(({ table }) => table.values().some((one) => one.codeSha256 === codeSha256))
  let there: boolean | undefined
  store.flush = () => {
    if (!isUsed()) there ??= existsSync(codeFolder(test.cloud, codeSha256))
    return flush()
  }
  try {
    await change()
    await test.cloud.settled()
  } finally {
    store.flush = flush
  }
  return there
}

it('removes code only once no committed version runs it', async () => {
  const FunctionName = 'changed'
  const { CodeSha256: first = '' } = await makeFunction(lambda, FunctionName, role, saying('first'))
  const ZipFile = zip({ 'index.mjs': saying('second') })
  const update = () => lambda.send(new UpdateFunctionCodeCommand({ FunctionName, ZipFile }))
  expect(await thereAtCommit(first, update)).toBe(true)
  expect(existsSync(codeFolder(test.cloud, first))).toBe(false)

  const last = createHash('sha256').update(ZipFile).digest('base64')
  const remove = () => lambda.send(new DeleteFunctionCommand({ FunctionName }))
  expect(await thereAtCommit(last, remove)).toBe(true)
  expect(existsSync(codeFolder(test.cloud, last))).toBe(false)
})
