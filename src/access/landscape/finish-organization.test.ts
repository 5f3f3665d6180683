import { expect, test } from 'vitest'
import { placeName, policyName } from '../../iam/index.ts'
import { readDocument } from '../../template/index.ts'
import type { GivenOrganization } from './gathering.ts'
import { levelsOf } from './organization.ts'
import { readLandscape } from './read-landscape.ts'

const ROOT = { account: '999999999999', region: 'us-east-1' }
const DENY = { Version: '2012-10-17', Statement: [{ Effect: 'Deny', Action: 's3:*', Resource: '*' }] }
const ORIGIN = { account: '', region: '', stack: '', file: 'scp.json' }

const given = (
  more: Partial<GivenOrganization['policies'][number]>,
): GivenOrganization['policies'][number] => ({
  kind: 'service control policy',
  name: 'scp.json',
  document: DENY,
  targets: [],
  origin: ORIGIN,
  ...more,
})

const organizationOf = (organization: GivenOrganization, text?: string, parameters = {}) => {
  const templates = text
    ? [{ stack: 'org', target: ROOT, template: readDocument(text).template, parameters }]
    : []
  return readLandscape(templates, organization)
}

/** What an account is under, as lines of level and policies. */
function lines({ organization }: ReturnType<typeof organizationOf>, account: string): string[] {
  return levelsOf(organization, account).map(
    ({ place, serviceControl, resourceControl }) =>
      `${placeName(place)}: ${[...serviceControl, ...resourceControl].map(({ policy }) => policyName(policy.ref)).join(', ')}`,
  )
}

test('a policy without targets is every member’s, beside FullAWSAccess', () => {
  const landscape = organizationOf({ management: '999999999999', policies: [given({})] })
  const root = 'service control policy FullAWSAccess of the root, service control policy scp.json of the root'
  expect(lines(landscape, '111111111111')).toEqual([`the root: ${root}`])
  expect(lines(landscape, '999999999999')).toEqual([])
  expect(landscape.notes).toEqual([])
})

test('one with targets limits them, below the root', () => {
  const policies = [given({}), given({ name: 'dev.json', targets: ['222222222222'] })]
  const landscape = organizationOf({ policies })
  expect(lines(landscape, '222222222222').map((line) => line.split(':')[0])).toEqual([
    'the root',
    'the account 222222222222',
  ])
  expect(lines(landscape, '111111111111')).toHaveLength(1)
})

test('a list of what is allowed takes the place of FullAWSAccess, and that is noted', () => {
  const document = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: 's3:*', Resource: '*' }] }
  const landscape = organizationOf({ policies: [given({ document })] })
  expect(lines(landscape, '111111111111')).toEqual(['the root: service control policy scp.json of the root'])
  expect(landscape.notes).toEqual([
    'The service control policy scp.json of the root allows only some calls: FullAWSAccess is taken to be detached from the root.',
  ])
  const everything = { ...document, Statement: [{ Effect: 'Allow', Action: '*', Resource: '*' }] }
  expect(organizationOf({ policies: [given({ document: everything })] }).notes).toEqual([])
})

test('nothing that is given is no organization', () => {
  expect(organizationOf({ policies: [] }).organization).toBeUndefined()
})

const TREE = `
Parameters: { Elsewhere: { Type: String, Default: ou-ab12-elsewhere } }
Resources:
  Workloads:
    Type: AWS::Organizations::OrganizationalUnit
    Properties: { Name: Workloads, ParentId: r-ab12 }
  Dev:
    Type: AWS::Organizations::Account
    Properties: { AccountName: dev, Email: dev@acme.example, ParentIds: [!Ref Workloads] }
  Policy:
    Type: AWS::Organizations::Policy
    Properties: { Name: P, Type: SERVICE_CONTROL_POLICY, TargetIds: [!Ref Workloads, !Ref Elsewhere, r-ab12], Content: ${JSON.stringify(DENY)} }
`

test('templates tell the tree; an account’s id may be given', () => {
  const landscape = organizationOf({ policies: [] }, TREE, { Dev: '222222222222' })
  expect(landscape.organization?.management).toBe(ROOT.account)
  expect(lines(landscape, '222222222222').map((line) => line.split(':')[0])).toEqual([
    'the root',
    'the organizational unit Workloads',
  ])
  expect(lines(landscape, '333333333333').map((line) => line.split(':')[0])).toEqual(['the root'])
})

test('what templates leave open is noted', () => {
  const { notes } = organizationOf({ policies: [] }, TREE)
  expect(notes).toEqual([
    'The service control policy P is attached to the organizational unit ou-ab12-elsewhere, and no template tells which accounts are in it; what it denies them is not proven. Name them: --scp <file>=<account>.',
    'The account dev has policies and no id here (<Dev of org>); what they deny it is not proven. Give its id behind its template’s file: <logical ID>=<account id>.',
  ])
})

test('a policy that asks for the organization wants its id', () => {
  const Condition = { StringNotEqualsIfExists: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }
  const document = {
    Version: '2012-10-17',
    Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: '*', Condition }],
  }
  const policy = given({ kind: 'resource control policy', document })
  expect(organizationOf({ policies: [policy] }).notes.join()).toContain('Give it: --organization o-….')
  expect(organizationOf({ id: 'o-a1b2c3d4e5', policies: [policy] }).notes).toEqual([])
})
