/** Functions find the SDK of the folder that the cloud was started in, also what is installed there later. */
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, expect, test } from 'vitest'
import type { Cloud } from '../../../kernel/cloud.ts'
import { Parts } from '../../../kernel/parts.ts'
import { linkSdk, sdkPath } from './sdk.ts'

const folder = realpathSync(mkdtempSync(join(tmpdir(), 'crossdock-sdk-')))
afterAll(() => rmSync(folder, { recursive: true, force: true }))
const startedIn = join(folder, 'application', 'packages', 'one')

function install(place: string, name: string): string {
  const target = join(place, 'node_modules', name)
  mkdirSync(target, { recursive: true })
  writeFileSync(join(target, 'index.js'), 'module.exports = __filename')
  return join(target, 'index.js')
}

const parts = new Parts()
const cloud = { folder: join(folder, 'cloud'), part: (one) => parts.of(one, cloud) } as Cloud
/** Where `require` of a function finds a package; undefined where it does not. */
function found(name: string): string | undefined {
  try {
    return createRequire(join(cloud.folder, 'lambda', 'code', 'abc', 'index.js')).resolve(name)
  } catch {
    return undefined
  }
}

test('the nearest is taken, and what is not the SDK is not there, as on AWS', () => {
  const above = join(folder, 'application')
  install(above, '@aws-sdk/client-near')
  const near = install(startedIn, '@aws-sdk/client-near')
  const far = install(above, '@aws-sdk/client-far')
  const scope = install(above, '@smithy/made-up')
  install(above, 'lodash')
  const second = install(above, 'aws-sdk')
  linkSdk(cloud, startedIn)
  expect(found('@aws-sdk/client-near')).toBe(near)
  expect(found('@aws-sdk/client-far')).toBe(far)
  expect(found('@smithy/made-up')).toBe(scope)
  // The application's own, whose package the cloud is.
  expect(found('@aws-sdk/client-s3')).toContain('client-s3')
  expect(found('lodash')).toBe(undefined)
  expect(found('aws-sdk')).toBe(undefined)
  expect(sdkPath(cloud, 'nodejs20.x')).toEqual([])
  const [path] = sdkPath(cloud, 'nodejs16.x')
  expect(realpathSync(join(path!, 'aws-sdk', 'index.js'))).toBe(second)
})

test('what is installed later is found by the next process', () => {
  linkSdk(cloud, startedIn)
  expect(found('@aws-sdk/client-late')).toBe(undefined)
  const late = install(startedIn, '@aws-sdk/client-late')
  linkSdk(cloud, startedIn)
  expect(found('@aws-sdk/client-late')).toBe(late)
})
