import { describe, expect, it } from 'vitest'
import { parseFleet } from '../fleet/index.ts'
import { compile, evaluate } from '../iam/index.ts'
import { supposedPolicy } from '../model/index.ts'
import { synthesize } from './index.ts'

const HUB = '111111111111'
const ROLE = `arn:aws:iam::${HUB}:role/crossdock/crossdock-acme-web-drop`

const stacksOf = (writers: string) =>
  synthesize(
    parseFleet(
      `
fleet: acme
hub: { account: "${HUB}", region: us-east-1 }
environments: { dev: { account: "222222222222", regions: [us-east-1] } }
pipelines:
  web:
    source: { s3: { writers: ${writers} } }
    deploy: [{ s3: { bucket: web } }]
    stages: [dev]
`,
      'crossdock.yaml',
    ),
  ).waves.flat()

const resourceOf = (writers: string, id: string) =>
  stacksOf(writers).flatMap(({ template }) => template.Resources[id] ?? [])[0]

/** Whether the trust policy of the role lets a token of an issuer in. */
function trusts(writers: string, issuer: string, claims: Readonly<Record<string, string>>): boolean {
  const document = resourceOf(writers, 'DropRole')!.Properties!.AssumeRolePolicyDocument
  const provider = `arn:aws:iam::${HUB}:oidc-provider/${issuer}`
  const { effect } = evaluate({
    caller: {
      ...{ kind: 'anonymous', account: '', arn: 'anonymous', principalArn: 'anonymous' },
      ...{ federated: provider, identityPolicies: [] },
    },
    action: 'sts:AssumeRoleWithWebIdentity',
    resource: ROLE,
    resourceAccount: HUB,
    resourcePolicy: compile(JSON.stringify(document), supposedPolicy(ROLE)),
    context: Object.fromEntries(Object.entries(claims).map(([name, value]) => [`${issuer}:${name}`, value])),
  })
  return effect === 'allowed'
}

const GITHUB = 'token.actions.githubusercontent.com'
const AUD = 'sts.amazonaws.com'

describe('a role that puts a source', () => {
  it.each([
    ['the branch', { aud: AUD, sub: 'repo:acme/web:ref:refs/heads/main' }, true],
    ['another branch', { aud: AUD, sub: 'repo:acme/web:ref:refs/heads/main2' }, false],
    ['a pull request', { aud: AUD, sub: 'repo:acme/web:pull_request' }, false],
    ['another repository', { aud: AUD, sub: 'repo:acme/web2:ref:refs/heads/main' }, false],
    ['another audience', { aud: 'acme', sub: 'repo:acme/web:ref:refs/heads/main' }, false],
    ['no subject', { aud: AUD }, false],
  ])('trusts workflows of GitHub: %s', (_what, claims, expected) => {
    expect(trusts('[{ github: acme/web }]', GITHUB, claims as Record<string, string>)).toBe(expected)
  })

  it('trusts jobs of GitLab and tokens of others by their claims, each by its own', () => {
    const writers =
      '[{ gitlab: acme/group/web, branch: next }, { oidc: "https://ci.acme.example/x", audience: aws, subject: job }]'
    const sub = 'project_path:acme/group/web:ref_type:branch:ref:next'
    expect(trusts(writers, 'gitlab.com', { aud: 'https://gitlab.com', sub })).toBe(true)
    expect(trusts(writers, 'gitlab.com', { aud: 'aws', sub: 'job' })).toBe(false)
    expect(trusts(writers, 'ci.acme.example/x', { aud: 'aws', sub: 'job' })).toBe(true)
    expect(trusts(writers, 'ci.acme.example/x', { aud: 'aws', sub })).toBe(false)
  })

  it('may put the one object', () => {
    const { Policies } = resourceOf('[{ github: acme/web }]', 'DropRole')!.Properties!
    const [{ PolicyDocument }] = Policies as [{ PolicyDocument: { Statement: unknown } }]
    expect(PolicyDocument.Statement).toEqual([
      expect.objectContaining({
        Action: 's3:PutObject',
        Resource: `arn:aws:s3:::crossdock-acme-drops-${HUB}-us-east-1/web/source.zip`,
      }),
    ])
  })
})

it('roles and users that exist are let in by the bucket: those of other accounts through their root', () => {
  const ours = `arn:aws:iam::${HUB}:user/ci`
  const theirs = 'arn:aws:iam::999999999999:role/ci'
  const { PolicyDocument } = resourceOf(`["${ours}", "${theirs}"]`, 'DropBucketPolicy')!.Properties!
  const { Statement } = PolicyDocument as { Statement: unknown[] }
  expect(Statement.slice(1)).toMatchObject([
    { Principal: { AWS: ours }, Action: 's3:PutObject' },
    {
      Principal: { AWS: 'arn:aws:iam::999999999999:root' },
      Action: 's3:PutObject',
      Condition: { ArnEquals: { 'aws:PrincipalArn': theirs } },
    },
  ])
  expect(resourceOf(`["${ours}"]`, 'DropRole')).toBeUndefined()
})
