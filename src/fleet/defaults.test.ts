import { expect, it } from 'vitest'
import { type FleetErrors, parseFleet } from './index.ts'

const HEAD = `fleet: acme
hub: { account: 111111111111, region: us-east-1 }
environments: { dev: { account: 222222222222, regions: [us-east-1] } }
x-anything: { wherever: [1, 2] }
`
const DEFAULTS = `defaults:
  source: { github: acme/mono, paths: ["src/**"] }
  build: { compute: large, environment: { A: "1", B: "2" } }
  deploy: [{ s3: { bucket: "web-\${pipeline}" } }]
  stages: [dev]
`
const read = (text: string) => parseFleet(HEAD + text, 'c.yaml').pipelines

it('pipelines take what they do not say otherwise: maps merge, lists replace, null removes', () => {
  const [all, some] = read(`${DEFAULTS}pipelines:
  all:
  some:
    build: { timeout: 5, environment: { B: "3" } }
    stages: [{ environment: dev, name: only }]
`)
  expect(all).toMatchObject({
    sources: [{ configuration: { github: 'acme/mono' } }],
    stages: [{ name: 'dev' }],
  })
  expect(some?.builds[0]).toMatchObject({
    compute: 'BUILD_GENERAL1_LARGE',
    timeout: 5,
    environment: { A: '1', B: '3' },
  })
  expect(some?.stages.map(({ name }) => name)).toEqual(['only'])
  const [none] = read(`${DEFAULTS}pipelines: { none: { build: null } }`)
  expect(none?.builds[0]).toBeUndefined()
})

it('a map that names its kind takes nothing from another', () => {
  const [own] = read(`${DEFAULTS}pipelines: { own: { source: { github: acme/own } } }`)
  expect(own?.sources[0]?.configuration).toEqual({ github: 'acme/own', branch: 'main', clone: 'zip' })
  const [branch] = read(`${DEFAULTS}pipelines: { branch: { source: { branch: next } } }`)
  expect(branch?.sources[0]?.configuration).toEqual({
    github: 'acme/mono',
    branch: 'next',
    clone: 'zip',
    paths: ['src/**'],
  })
})

it.each([
  ['compute: large', 'compute: larg', /^c\.yaml:7:21: defaults\.build\.compute: must be/],
  ['bucket:', 'buckt:', /^c\.yaml:8:20: unknown key `buckt` in defaults\.deploy\[0\]\.s3/m],
  ['stages: [dev]', 'stages: dev', /^c\.yaml:9:11: defaults\.stages: must be a list/],
])('what is wrong in defaults is told where it stands: %s → %s', (find, put, told) => {
  try {
    read(`${DEFAULTS.replace(find, put)}pipelines: { a: , b: }`)
    expect.unreachable()
  } catch (error) {
    expect((error as FleetErrors).errors.map(String).join('\n')).toMatch(told)
    expect((error as FleetErrors).errors).toHaveLength(find === 'bucket:' ? 2 : 1)
  }
})
