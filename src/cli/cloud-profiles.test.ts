import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { Cloud } from '../cloud/index.ts'
import { accountsForProfiles, writeProfiles } from './cloud-profiles.ts'

const home = process.cwd()
let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'crossdock-profiles-'))
  process.chdir(folder)
})
afterEach(() => {
  process.chdir(home)
  rmSync(folder, { recursive: true })
})

test('files of their own have a profile for each name, that only their owner may read', async () => {
  const cloud = { folder, endpoint: 'http://127.0.0.1:4566', secret: 's3cret' } as Cloud
  const dev = { account: '222222222222', names: ['dev', '222222222222'], region: 'eu-west-1' }
  const { configFile, credentialsFile, profiles } = await writeProfiles(cloud, ['111111111111', dev])
  expect(profiles).toEqual(['111111111111', 'dev', '222222222222'])
  expect(configFile.startsWith(folder)).toBe(true)
  const config = readFileSync(configFile, 'utf8')
  expect(config).toContain(
    '[profile 111111111111]\nregion = us-east-1\nendpoint_url = http://127.0.0.1:4566\n',
  )
  expect(config).toContain('[profile dev]\nregion = eu-west-1\n')
  expect(config).not.toContain('s3cret')
  const credentials = readFileSync(credentialsFile, 'utf8')
  expect(credentials).toContain('[dev]\naws_access_key_id = 222222222222\naws_secret_access_key = s3cret\n')
  for (const file of [configFile, credentialsFile]) expect(statSync(file).mode & 0o077).toBe(0)
})

test('accounts are those of the fleet file here, under its names and profiles', async () => {
  writeFileSync('t.yaml', 'Resources: { Topic: { Type: AWS::SNS::Topic } }')
  writeFileSync(
    'crossdock.yaml',
    `fleet: f
hub: { account: "111111111111", region: us-east-1, profile: central }
environments: { dev: { account: "222222222222", regions: [eu-west-1] } }
pipelines: { app: { source: { github: a/b }, deploy: [{ cloudformation: { template: t.yaml } }], stages: [dev] } }
`,
  )
  expect(await accountsForProfiles()).toEqual([
    { account: '111111111111', names: ['central', '111111111111'], region: 'us-east-1' },
    { account: '222222222222', names: ['dev', '222222222222'], region: 'eu-west-1' },
  ])
})

test('without a fleet file, or with a wrong one, they are four', async () => {
  expect(await accountsForProfiles()).toHaveLength(4)
  writeFileSync('crossdock.yaml', 'fleet: [')
  expect(await accountsForProfiles()).toEqual(expect.arrayContaining(['111111111111', '444444444444']))
})
