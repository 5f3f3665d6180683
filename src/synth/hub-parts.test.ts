import { expect, test } from 'vitest'
import { parseFleet } from '../fleet/index.ts'
import { compile, evaluate } from '../iam/index.ts'
import { synthesize } from './index.ts'

const fleet = (rest: string) =>
  parseFleet(
    `
fleet: acme
hub: { account: "111111111111", region: us-east-1 }
environments:
  dev: { account: "222222222222", regions: [us-east-1] }
  prod: { accounts: { a: "333333333333", b: "444444444444" }, regions: [us-east-1, eu-west-1] }
iam: { path: /delivery/, boundary: "arn:aws:iam::\${account}:policy/delivery", tags: { owner: platform } }
${rest}
pipelines:
  legacy:
    source: { codecommit: legacy }
    deploy: [{ s3: { bucket: "site-\${account}" } }]
    stages: [dev]
`,
    '/nowhere/crossdock.yaml',
  )

const hub = (rest: string) => synthesize(fleet(rest)).waves[0]![0]!
const ofType = (rest: string, type: string) =>
  Object.values(hub(rest).template.Resources).filter(({ Type }) => Type === type)

test('a repository stands in the hub before the pipeline that reads it', () => {
  const rest = 'repositories: { legacy: { description: all of it }, "old.one": , old-one: }'
  expect(ofType(rest, 'AWS::CodeCommit::Repository').map(({ Properties }) => Properties)).toEqual([
    { RepositoryName: 'legacy', RepositoryDescription: 'all of it' },
    { RepositoryName: 'old.one' },
    { RepositoryName: 'old-one' },
  ])
  expect(ofType(rest, 'AWS::IAM::User')).toEqual([])
  expect(hub(rest).capabilities).toEqual([])
})

test('a mirror pushes as a user that may do nothing else', () => {
  const rest = 'repositories: { legacy: { mirror: gitlab acme/tools/legacy }, other: }'
  const [user] = ofType(rest, 'AWS::IAM::User')
  expect(user!.Properties).toMatchObject({
    UserName: 'crossdock-acme-legacy-mirror',
    Path: '/delivery/',
    PermissionsBoundary: 'arn:aws:iam::111111111111:policy/delivery',
    Tags: [{ Key: 'owner', Value: 'platform' }],
  })
  expect(hub(rest).capabilities).toEqual(['CAPABILITY_NAMED_IAM'])
  const { Policies } = user!.Properties as { Policies: { PolicyDocument: never }[] }
  const policies = [compile(Policies[0]!.PolicyDocument, { kind: 'supposed', what: 'p' } as never)]
  const effectOf = (action: string, repository: string) =>
    evaluate({
      caller: {
        kind: 'user',
        account: '111111111111',
        arn: 'arn:aws:iam::111111111111:user/m',
        principalArn: 'arn:aws:iam::111111111111:user/m',
        identityPolicies: policies,
      },
      action,
      resource: `arn:aws:codecommit:us-east-1:111111111111:${repository}`,
      resourceAccount: '111111111111',
      context: {},
    } as never).effect
  expect(effectOf('codecommit:GitPush', 'legacy')).toBe('allowed')
  expect(effectOf('codecommit:GitPull', 'legacy')).toBe('allowed')
  expect(effectOf('codecommit:GitPush', 'other')).toBe('implicitDeny')
  expect(effectOf('codecommit:DeleteRepository', 'legacy')).toBe('implicitDeny')
  const outputs = Object.values(hub(rest).template.Outputs!).map(({ Description }) => Description)
  expect(outputs).toContain('Where gitlab acme/tools/legacy pushes to')
})

test('parameters stand in the hub, and where else they are asked for', () => {
  const rest = `parameters:
  /acme/level: info
  /acme/rate: 1.10
  /acme/where: { value: "\${fleet} \${accountName} \${region}", description: w, environments: [hub, prod] }`
  expect(ofType(rest, 'AWS::SSM::Parameter').map(({ Properties }) => Properties)).toEqual([
    { Name: '/acme/level', Type: 'String', Value: 'info' },
    { Name: '/acme/rate', Type: 'String', Value: '1.10' },
    { Name: '/acme/where', Type: 'String', Value: 'acme hub us-east-1', Description: 'w' },
  ])
  const stacks = synthesize(fleet(rest)).waves[0]!.filter(({ name }) => name === 'crossdock-acme-parameters')
  expect(
    stacks.map(({ target, environment, template }) => [
      `${target.account} ${target.region} ${environment}`,
      Object.values(template.Resources).map(({ Properties }) => (Properties as { Value: string }).Value),
    ]),
  ).toEqual([
    ['333333333333 us-east-1 prod', ['acme a us-east-1']],
    ['333333333333 eu-west-1 prod', ['acme a eu-west-1']],
    ['444444444444 us-east-1 prod', ['acme b us-east-1']],
    ['444444444444 eu-west-1 prod', ['acme b eu-west-1']],
  ])
})

test.each([
  [
    'parameters: { /db/password: x }',
    /\/db\/password looks like a secret\n {2}fix: keep it in Secrets Manager/,
  ],
  ['parameters: { /acme/api-key: { value: x } }', /looks like a secret/],
  ['parameters: { /acme/x: AKIAIOSFODNN7EXAMPLE }', /looks like a secret/],
  ['parameters: { acme: x }', /must begin with a slash/],
  ['parameters: { /aws/x: x }', /must begin with a slash/],
  ['parameters: { /acme/x: "" }', /must not be empty/],
  ['parameters: { /acme/x: "${pipeline}" }', /does not stand for anything here/],
  [
    'parameters: { /acme/x: { value: x, environments: [prd] } }',
    /no environment `prd`\n {2}fix: write `prod`/,
  ],
  ['repositories: { legacy.git: }', /without .git at its end/],
  ['repositories: { legacy: { mirror: acme/legacy } }', /must be `gitlab` and the path of a project/],
])('what cannot be is refused: %s', (rest, message) => {
  expect(() => fleet(rest)).toThrow(message)
})

test.each(['/acme/token-url', '/acme/secret-name', '/acme/passwords-policy'])('%s is no secret', (name) => {
  expect(() => fleet(`parameters: { ${name}: x }`)).not.toThrow()
})
