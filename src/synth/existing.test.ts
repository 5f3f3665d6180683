import { expect, test } from 'vitest'
import { prove, readAssembly } from '../access/index.ts'
import { FleetErrors, parseFleet } from '../fleet/index.ts'
import { synthesize } from './index.ts'

const KEY = 'arn:aws:kms:us-east-1:111111111111:key/11111111-1111-1111-1111-111111111111'

const fleet = (hub: string) =>
  parseFleet(
    `
fleet: acme
hub: { account: "111111111111", region: us-east-1${hub} }
environments:
  prod: { account: "444444444444", regions: [us-east-1, eu-west-1] }
pipelines:
  orders:
    source: { github: acme/orders }
    deploy: [{ s3: { bucket: "site-\${account}-\${region}" } }]
    stages: [prod]
  web:
    source: { github: acme/web }
    deploy: [{ s3: { bucket: "web-\${account}-\${region}" } }]
    stages: [prod]
`,
    '/nowhere/crossdock.yaml',
  )
const existing = fleet(
  `, keys: { us-east-1: "${KEY}" }, buckets: { us-east-1: acme-artifacts, eu-west-1: acme-europe }`,
)

test('an existing key and bucket stand in the pipeline, and no stack makes or changes them', () => {
  const { waves, pipelines } = synthesize(existing)
  expect(waves[0]!.map(({ name }) => name)).toEqual([
    'crossdock-acme-hub',
    'crossdock-acme-key',
    'crossdock-acme-orders-access',
    'crossdock-acme-web-access',
  ])
  expect(Object.keys(waves[0]![0]!.template.Resources)).toEqual(['ConnectionGitHub'])
  const { Resources, Parameters } = waves[1]![0]!.template
  expect(Object.keys(Resources)).toEqual(['PipelineRole', 'Pipeline'])
  expect(Object.keys(Parameters!)).toEqual(['KeyEuWest1', 'Connection'])
  expect(JSON.stringify(Resources.Pipeline)).toContain(
    `"Location":"acme-artifacts","EncryptionKey":{"Id":"${KEY}"`,
  )
  expect(pipelines[0]!.declaration.artifactStores?.['eu-west-1']?.location).toBe('acme-europe')
})

test('the proof takes them for what nobody has read, and says what their policies must have', () => {
  const assembly = synthesize(existing)
  const { edges } = prove(readAssembly(assembly), { complete: true })
  expect(edges.filter(({ verdict }) => verdict === 'denied')).toEqual([])
  const assumed = new Set(edges.flatMap((edge) => edge.assumed ?? []))
  expect(assumed).toContain(`the policy of the key ${KEY}`)
  expect(assumed).toContain('the owner and the policy of the bucket acme-europe')
  const told = assembly.existing!.flatMap((one) => one.told).map(String)
  expect(told).toHaveLength(3)
  expect(told[0]).toMatch(
    /crossdock\.yaml:3:\d+: the policy of the key arn:.* is used as it stands, and not proven here/,
  )
  expect(told[0]).toContain('"Action":["kms:Decrypt","kms:GenerateDataKey"]')
  expect(told[1]).toContain('arn:aws:s3:::acme-artifacts/acme-orders/SourceOutp/*')
})

test('pipelines whose artifacts begin alike in a shared bucket are told', () => {
  const text = (second: string) =>
    parseFleet(
      `
fleet: acme
hub: { account: "111111111111", region: us-east-1, buckets: { us-east-1: acme-artifacts } }
environments: { prod: { account: "444444444444", regions: [us-east-1] } }
defaults: { deploy: [{ s3: { bucket: site } }], stages: [prod] }
pipelines:
  order-management-api: { source: { github: acme/api } }
  ${second}: { source: { github: acme/web } }
`,
      '/nowhere/crossdock.yaml',
    )
  const told = (second: string) => synthesize(text(second)).warnings!.map(String).join('\n')
  expect(told('order-management-web')).toContain(
    'acme-order-management-api and acme-order-management-web keep their artifacts under one beginning',
  )
  expect(told('web')).not.toContain('under one beginning')
})

test('the fleet’s own key lets its roles use it for an existing bucket', () => {
  const { waves } = synthesize(fleet(', buckets: { us-east-1: acme-artifacts }'))
  const key = JSON.stringify(waves[0]![0]!.template.Resources.Key)
  expect(key).toContain('["arn:aws:s3:::acme-artifacts","arn:aws:s3:::acme-artifacts/*"]')
})

test.each([
  [', keys: { eu-west-1: arn:aws:kms:us-east-1:111111111111:key/1 }', /this key is in us-east-1/],
  [', keys: { us-east-1: alias/acme }', /must be the ARN of a key, not of an alias/],
  [', buckets: { us-east-1: Acme }', /must be the name of a bucket/],
  [
    ', buckets: { us-west-2: acme }',
    /no pipeline has artifacts in us-west-2\n {2}fix: take it out of hub.buckets/,
  ],
])('what cannot be used is refused: %s', (hub, message) => {
  const tell = () => synthesize(fleet(hub))
  expect(tell).toThrow(FleetErrors)
  expect(tell).toThrow(message)
})
