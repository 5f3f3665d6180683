import { expect, it } from 'vitest'
import { synthesize } from '../synth/index.ts'
import { parseFleet } from './index.ts'

const fleet = (stages: string, environments = '') =>
  parseFleet(
    `fleet: acme
hub: { account: 111111111111, region: us-east-1 }
environments:
  dev: { account: 022222222222, regions: [us-east-1] }
  qa:
    accounts: { qa-eu: 033333333333, qa-us: 033333333334 }
    regions: { us-east-1: { Size: small }, eu-west-1: { Size: large } }
    role: arn:aws:iam::\${account}:role/deployer
    approve: { emails: [a@acme.example], message: qa }
${environments}
pipelines:
  web:
    source: { github: acme/web }
    deploy:
      - s3: { bucket: "web-\${accountName}" }
      - cloudformation: { template: t.yaml, permissions: [{ Action: "ec2:*", Resource: "*" }] }
    stages: ${stages}
`,
    '/nowhere/crossdock.yaml',
  )
const errorsOf = (stages: string, environments?: string): string => {
  try {
    fleet(stages, environments)
    return ''
  } catch (error) {
    return String((error as Error).message)
  }
}

it('a stage works in every account and region of its environment, with the values of each', () => {
  const { environments, pipelines } = fleet('[qa]')
  expect(environments[1]!.accounts[1]).toEqual({
    environment: 'qa',
    name: 'qa-us',
    account: '033333333334',
    home: 'us-east-1',
    role: 'arn:aws:iam::033333333334:role/deployer',
  })
  expect(
    pipelines[0]!.stages[0]!.places.map((one) => [one.accountName, one.region, one.values.Size]),
  ).toEqual([
    ['qa-eu', 'us-east-1', 'small'],
    ['qa-eu', 'eu-west-1', 'large'],
    ['qa-us', 'us-east-1', 'small'],
    ['qa-us', 'eu-west-1', 'large'],
  ])
})

it('accounts without names are named by their ids', () => {
  const { environments } = fleet(
    '[dev]',
    '  more: { accounts: [055555555555, 066666666666], regions: [us-east-1] }',
  )
  expect(environments[2]!.accounts.map(({ name }) => name)).toEqual(['055555555555', '066666666666'])
})

it('several accounts stand in one stage side by side, behind one approval, each action with a name of its own', () => {
  const { pipelines, waves } = synthesize(fleet('[{ environment: [dev, qa], regions: [us-east-1] }]'))
  const stage = pipelines[0]!.declaration.stages.at(-1)!
  expect(stage.name).toBe('dev-qa')
  expect(stage.actions.map(({ name, runOrder }) => [name, runOrder])).toEqual([
    ['prepare-web-022222222222-us-east-1', 1],
    ['prepare-web-033333333333-us-east-1', 1],
    ['prepare-web-033333333334-us-east-1', 1],
    ['approve', 2],
    ['deploy-web-dev-022222222222-us-east-1', 3],
    ['deploy-web-qa-eu-033333333333-us-east-1', 3],
    ['deploy-web-qa-us-033333333334-us-east-1', 3],
    ['execute-web-022222222222-us-east-1', 4],
    ['execute-web-033333333333-us-east-1', 4],
    ['execute-web-033333333334-us-east-1', 4],
  ])
  expect(waves[0]!.filter(({ name }) => name.endsWith('access')).map(({ title }) => title)).toEqual([
    'roles of web in dev',
    'roles of web in qa qa-eu',
    'roles of web in qa qa-us',
  ])
})

it('a stage inherits the guards of its environments, and adds to them', () => {
  const approvalOf = (stage: string) => {
    const { approve, changeSets } = fleet(`[${stage}]`).pipelines[0]!.stages[0]!
    return { ...approve, changeSets }
  }
  expect(approvalOf('qa')).toMatchObject({ emails: ['a@acme.example'], message: 'qa', changeSets: true })
  expect(approvalOf('{ environment: qa, changeSets: false }')).toMatchObject({ changeSets: false })
  expect(approvalOf('{ environment: qa, approve: true }')).toMatchObject({ message: 'qa' })
  expect(
    approvalOf('{ environment: [dev, qa], approve: { emails: [b@acme.example], message: mine } }'),
  ).toMatchObject({
    emails: ['a@acme.example', 'b@acme.example'],
    message: 'mine',
    changeSets: true,
  })
  expect(errorsOf('[{ environment: [dev, qa], approve: false }]')).toMatch(
    /^\/nowhere\/crossdock.yaml:17:\d+: qa asks for an approval that this stage drops\n {2}fix: remove `approve: false`$/,
  )
})

it.each([
  ['[{ environment: [dev, dev] }]', '', /`dev` stands twice here/],
  ['[{ environment: [dev, qa], regions: [eu-west-1] }]', '', /environment `dev` has none of these regions/],
  [
    '[{ environment: [dev, qa], regions: [eu-west-3] }]',
    '',
    /environment `dev`, `qa` has no region eu-west-3/,
  ],
  [
    '[dev, { name: a, environment: qa, actions: [{ name: l, provider: Manual }] }]',
    '',
    /works in one account, and environment `qa` has 2/,
  ],
  [
    '[dev]',
    '  two: { accounts: { a: 055555555555, b: 055555555555 }, regions: [us-east-1] }',
    /has the account 055555555555 twice/,
  ],
  [
    '[dev]',
    '  two: { accounts: [055555555555, 066666666666], regions: [us-east-1], profile: one }',
    /the profile of environment `two` leads to one account, and there are 2/,
  ],
  [
    '[dev]',
    '  two: { account: 055555555555, accounts: [066666666666], regions: [us-east-1] }',
    /names both `account` and `accounts`/,
  ],
  ['[dev]', '  two: { regions: [us-east-1] }', /has none of `account`, `accounts`/],
])('%s %s is told', (stages, environments, told) => {
  expect(errorsOf(stages, environments)).toMatch(told)
})
