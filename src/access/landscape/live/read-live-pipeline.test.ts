import { describe, expect, test } from 'vitest'
import { FleetError, resourcePolicyOf } from '../../../model/index.ts'
import { isFailed } from '../../proof/proof.ts'
import { prove } from '../../proof/prove.ts'
import { type LivePlace, readLivePipeline } from './read-live-pipeline.ts'
import type { Reach } from './reading.ts'

const HUB = { account: '111111111111', region: 'eu-west-1' }
const DEV = '222222222222'
const MANAGEMENT = '999999999999'
const PIPELINE = 'arn:aws:codepipeline:eu-west-1:111111111111:orders'
const TOPIC = 'arn:aws:sns:eu-west-1:111111111111:approvals'
const KEY = 'arn:aws:kms:eu-west-1:111111111111:key/k-1'
const IMAGES = 'arn:aws:ecr:eu-west-1:111111111111:repository/orders'
const role = (name: string, account = HUB.account) => `arn:aws:iam::${account}:role/${name}`

// biome-ignore lint/suspicious/noExplicitAny: inputs of many commands
type Answers = Readonly<Record<string, (input: any, account: string) => unknown>>

/** AWS's answers by command; what has none is denied. Accounts that are shut have no credentials. */
function standIn(answers: Answers, shut: readonly string[] = []): Reach {
  return {
    verify: async ({ account }) => {
      if (shut.includes(account)) throw new FleetError('no credentials', { fix: 'name a profile' })
    },
    client: async (clientClass, { account, region }) => {
      const credentials = { accessKeyId: 'a', secretAccessKey: 's' }
      const client = new clientClass({ region, credentials } as never)
      const send = async (command: { input: unknown; constructor: { name: string } }) => {
        const name = command.constructor.name.replace(/Command$/, '')
        const answer = answers[name] ?? (() => fail('AccessDeniedException', `no ${name}`))
        return answer(command.input, account)
      }
      return Object.assign(client as object, { send }) as typeof client
    },
  }
}

function fail(name: string, message = name): never {
  throw Object.assign(new Error(message), { name })
}

const action = (name: string, category: string, provider: string, more: object = {}) => ({
  name,
  actionTypeId: { category, owner: 'AWS', provider, version: '1' },
  ...more,
})
const image = action('Image', 'Source', 'ECR', {
  configuration: { RepositoryName: 'orders' },
  outputArtifacts: [{ name: 'Source' }],
})
const approval = action('Ask', 'Approval', 'Manual', { configuration: { NotificationArn: TOPIC } })
const service = action('Deploy', 'Deploy', 'ECS', {
  configuration: { ClusterName: 'shop', ServiceName: 'orders' },
  inputArtifacts: [{ name: 'Source' }],
})

const statement = (Action: string | string[], Resource: string | string[] = '*') => ({
  Effect: 'Allow',
  Action,
  Resource,
})
const policy = (...Statement: object[]) => JSON.stringify({ Version: '2012-10-17', Statement })
const trust = (Service: string) =>
  policy({ Effect: 'Allow', Principal: { Service }, Action: 'sts:AssumeRole' })

/** Roles that may do everything, by name, and what each trusts. */
const TRUSTS: Readonly<Record<string, string>> = {
  pipeline: trust('codepipeline.amazonaws.com'),
  start: trust('events.amazonaws.com'),
  tasks: trust('ecs-tasks.amazonaws.com'),
}

/** A pipeline of these actions, with the roles it works with; everything else is denied to the reader. */
const pipelineOf = (...actions: object[]): Answers => ({
  GetPipeline: () => ({
    pipeline: {
      name: 'orders',
      roleArn: role('pipeline'),
      artifactStore: { type: 'S3', location: 'artifacts' },
      stages: actions.map((one, index) => ({ name: `Stage${index}`, actions: [one] })),
    },
  }),
  GetRole: ({ RoleName }, account) => ({
    Role: {
      Arn: role(RoleName, account),
      AssumeRolePolicyDocument: encodeURIComponent(TRUSTS[RoleName] ?? fail('NoSuchEntityException')),
    },
  }),
  ListRolePolicies: () => ({ PolicyNames: ['all'] }),
  GetRolePolicy: () => ({ PolicyDocument: encodeURIComponent(policy(statement('*'))) }),
  ListAttachedRolePolicies: () => ({ AttachedPolicies: [] }),
  DescribeOrganization: () => fail('AWSOrganizationsNotInUseException'),
})

async function look(answers: Answers, more: Partial<LivePlace> = {}, shut: readonly string[] = []) {
  const live = await readLivePipeline(standIn(answers, shut), { ...HUB, name: 'orders', ...more })
  return { ...live, edges: prove(live.landscape).edges }
}

const whyOf = (unread: readonly { what: string; why: string }[], what: string): string | undefined =>
  unread.find((one) => one.what === what)?.why

describe('topics', () => {
  const answers = (attributes: object): Answers => ({
    ...pipelineOf(approval),
    GetTopicAttributes: () => ({ Attributes: attributes }),
  })

  test('that deny the pipeline are named with the statement', async () => {
    const Policy = policy({
      Sid: 'No',
      Effect: 'Deny',
      Principal: '*',
      Action: 'sns:Publish',
      Resource: TOPIC,
    })
    const { edges, landscape, unread } = await look(answers({ Policy }))
    expect(landscape.resourcePolicies.get(TOPIC)?.policy.ref).toEqual(resourcePolicyOf(TOPIC))
    expect(edges.filter(isFailed)).toMatchObject([
      { need: { action: 'sns:Publish' }, failure: { saidNo: `topic policy of ${TOPIC}, statement "No"` } },
    ])
    expect(whyOf(unread, `the topic policy of ${TOPIC}`)).toBeUndefined()
  })

  test('that name a role which was deleted are a finding', async () => {
    const Principal = { AWS: 'AROAEXAMPLEROLEID1234' }
    const Policy = policy({ ...statement('sns:Publish', TOPIC), Principal })
    const { findings } = await look(answers({ Policy }))
    expect(findings).toMatchObject([
      {
        rule: 'principal-was-deleted',
        message: expect.stringContaining(`the topic policy of ${TOPIC} names AROA`),
      },
    ])
  })

  test('with a key of their own need the key too', async () => {
    const { edges } = await look({
      ...answers({ KmsMasterKeyId: KEY }),
      DescribeKey: () => ({ KeyMetadata: { Arn: KEY, KeyId: 'k-1', KeyState: 'Enabled' } }),
      GetKeyPolicy: () => ({
        Policy: policy({ ...statement('kms:Decrypt'), Principal: { AWS: role('pipeline') } }),
      }),
      ListAliases: () => ({ Aliases: [] }),
      ListGrants: () => ({ Grants: [] }),
      ListResourceTags: () => ({ Tags: [] }),
    })
    const ofKey = edges.filter(({ need }) => need.resource === KEY)
    expect(ofKey.map(({ need, verdict }) => `${need.action} ${verdict}`)).toEqual([
      'kms:GenerateDataKey denied',
      'kms:Decrypt allowed',
    ])
    expect(ofKey[0]?.failure?.saidNo).toBe(`key policy of ${KEY}`)
    expect(ofKey[0]?.need.context).toEqual({
      'kms:ViaService': 'sns.eu-west-1.amazonaws.com',
      'kms:EncryptionContext:aws:sns:topicArn': TOPIC,
    })
  })

  test('under SNS’s own key take no publisher of another account', async () => {
    const abroad = action('Ask', 'Approval', 'Manual', {
      roleArn: role('pipeline', DEV),
      configuration: { NotificationArn: TOPIC },
    })
    const KmsMasterKeyId = 'alias/aws/sns'
    const here = await look(answers({ KmsMasterKeyId }))
    expect(here.edges.find(({ need }) => need.action === 'sns:Publish')?.verdict).toBe('allowed')
    const { edges } = await look({
      ...answers({ KmsMasterKeyId }),
      GetPipeline: pipelineOf(abroad).GetPipeline!,
    })
    expect(edges.filter(isFailed).map(({ failure }) => failure?.saidNo)).toContain(
      'the key aws/sns of account 111111111111',
    )
  })

  test('that are not there, or not to be read, are told apart', async () => {
    const gone = await look({ ...pipelineOf(approval), GetTopicAttributes: () => fail('NotFoundException') })
    expect(gone.findings.map(({ rule }) => rule)).toContain('topic-does-not-exist')
    const { unread } = await look(pipelineOf(approval))
    expect(whyOf(unread, `the topic policy of ${TOPIC}`)).toBe('access denied: no GetTopicAttributes')
  })
})

describe('image repositories', () => {
  const rules: Answers = { ListEventBuses: () => ({}), ListRuleNamesByTarget: () => ({ RuleNames: ['r'] }) }
  const ofImages = (answers: Answers) => look({ ...pipelineOf(image), ...rules, ...answers })

  test('without a policy are read all the same', async () => {
    const { landscape, unread, edges } = await ofImages({
      GetRepositoryPolicy: () => fail('RepositoryPolicyNotFoundException'),
    })
    expect([...landscape.withoutPolicy!.keys()]).toEqual([IMAGES])
    expect(whyOf(unread, `the repository policy of ${IMAGES}`)).toBeUndefined()
    expect(edges.find(({ need }) => need.action === 'ecr:DescribeImages')?.verdict).toBe('allowed')
  })

  test('say no by their policy', async () => {
    const { edges } = await ofImages({
      GetRepositoryPolicy: ({ registryId, repositoryName }) => {
        expect([registryId, repositoryName]).toEqual([HUB.account, 'orders'])
        return { policyText: policy({ Effect: 'Deny', Principal: '*', Action: 'ecr:DescribeImages' }) }
      },
    })
    expect(edges.filter(isFailed).map(({ failure }) => failure?.saidNo)).toEqual([
      `repository policy of ${IMAGES}, statement 1`,
    ])
  })

  test('that are not there are a finding', async () => {
    const { findings } = await ofImages({ GetRepositoryPolicy: () => fail('RepositoryNotFoundException') })
    expect(findings).toMatchObject([
      { message: 'there is no image repository orders in account 111111111111, eu-west-1' },
    ])
  })
})

describe('rules that start the pipeline', () => {
  const withRule = (rule: object, targets: readonly object[]): Answers => ({
    ...pipelineOf(image),
    ListEventBuses: () => ({ EventBuses: [{ Name: 'default' }, { Name: 'own' }] }),
    ListRuleNamesByTarget: ({ TargetArn, EventBusName, NextToken }) => {
      expect(TargetArn).toBe(PIPELINE)
      if (EventBusName === 'own') return { RuleNames: [] }
      return NextToken ? { RuleNames: ['pushed'] } : { RuleNames: [], NextToken: 'more' }
    },
    DescribeRule: () => ({ Arn: 'arn:aws:events:eu-west-1:111111111111:rule/pushed', ...rule }),
    ListTargetsByRule: () => ({ Targets: [{ Id: 'other', Arn: 'arn:aws:sqs:eu-west-1:1:q' }, ...targets] }),
  })
  const ofStart = ({ edges }: Awaited<ReturnType<typeof look>>) =>
    edges.filter(({ uses }) => uses.some(({ stage }) => stage === 'start'))

  test('are proven with their role', async () => {
    const found = await look(withRule({}, [{ Id: 'a', Arn: PIPELINE, RoleArn: role('start') }]))
    expect(ofStart(found).map(({ need, verdict }) => [need.action, verdict])).toEqual([
      ['sts:AssumeRole', 'allowed'],
      ['codepipeline:StartPipelineExecution', 'allowed'],
    ])
    expect(found.findings).toEqual([])
  })

  test('whose role is gone do not start it', async () => {
    const found = await look(withRule({}, [{ Id: 'a', Arn: PIPELINE, RoleArn: role('gone') }]))
    expect(ofStart(found).map(({ failure }) => failure?.close[0])).toEqual([
      `the role ${role('gone')} does not exist`,
      `the role ${role('gone')} does not exist`,
    ])
  })

  test('without a role do not start it', async () => {
    const found = await look(withRule({}, [{ Id: 'a', Arn: PIPELINE }]))
    expect(ofStart(found)).toMatchObject([{ verdict: 'denied', failure: { saidNo: 'EventBridge' } }])
  })

  test('that are switched off, or not there, are findings', async () => {
    const off = await look(
      withRule({ State: 'DISABLED' }, [{ Id: 'a', Arn: PIPELINE, RoleArn: role('start') }]),
    )
    expect(off.landscape.starts.map(({ isDisabled }) => isDisabled)).toEqual([true])
    const none = await look({ ...withRule({}, []), ListRuleNamesByTarget: () => ({}) })
    expect(none.findings.map(({ rule }) => rule)).toEqual(['nothing-starts-pipeline'])
    const unknown = await look({ ...withRule({}, []), ListRuleNamesByTarget: () => fail('AccessDenied') })
    expect(unknown.findings).toEqual([])
    expect(unknown.unread.map(({ what }) => what)).toContain(
      `the rules of the event bus default whose target is ${PIPELINE}`,
    )
  })

  test('in the source’s account need the bus to let them in', async () => {
    const BUS = 'arn:aws:events:eu-west-1:111111111111:event-bus/default'
    const abroad = action('Code', 'Source', 'CodeCommit', {
      roleArn: role('pipeline', DEV),
      configuration: { RepositoryName: 'orders', BranchName: 'main', PollForSourceChanges: 'false' },
      outputArtifacts: [{ name: 'Source' }],
    })
    const answers: Answers = {
      ...withRule({}, []),
      GetPipeline: pipelineOf(abroad).GetPipeline!,
      ListRuleNamesByTarget: ({ TargetArn, EventBusName }, account) => ({
        RuleNames:
          EventBusName === 'default' && TargetArn === (account === DEV ? BUS : PIPELINE) ? ['pushed'] : [],
      }),
      DescribeRule: (_input, account) => ({ Arn: `arn:aws:events:eu-west-1:${account}:rule/pushed` }),
      ListTargetsByRule: (_input, account) => ({
        Targets: [{ Id: 'a', Arn: account === DEV ? BUS : PIPELINE, RoleArn: role('start', account) }],
      }),
      DescribeEventBus: () => ({ Name: 'default', Arn: BUS }),
    }
    const put = ({ edges }: Awaited<ReturnType<typeof look>>) =>
      edges.find(({ need }) => need.action === 'events:PutEvents')
    const closed = put(await look(answers))
    expect(closed?.verdict).toBe('denied')
    expect(closed?.failure?.remedies[0]?.statement).toMatchObject({
      Principal: { AWS: role('start', DEV) },
      Action: 'events:PutEvents',
      Resource: BUS,
    })
    const Policy = policy({ ...statement('events:PutEvents', BUS), Principal: { AWS: DEV } })
    expect(put(await look({ ...answers, DescribeEventBus: () => ({ Policy }) }))?.verdict).toBe('allowed')
  })
})

describe('services of ECS', () => {
  const TASK = 'arn:aws:ecs:eu-west-1:111111111111:task-definition/orders:7'
  const FOREIGN = 'arn:aws:ecr:eu-west-1:222222222222:repository/base'
  const answers: Answers = {
    ...pipelineOf(service),
    DescribeServices: ({ cluster, services }) => {
      expect([cluster, services]).toEqual(['shop', ['orders']])
      return { services: [{ taskDefinition: TASK }] }
    },
    DescribeTaskDefinition: () => ({
      taskDefinition: {
        taskRoleArn: role('tasks'),
        executionRoleArn: role('tasks'),
        containerDefinitions: [
          { image: '111111111111.dkr.ecr.eu-west-1.amazonaws.com/orders:1.0' },
          { image: '222222222222.dkr.ecr.eu-west-1.amazonaws.com/base@sha256:00' },
          { image: 'nginx:latest' },
        ],
      },
    }),
    GetRepositoryPolicy: () => fail('RepositoryPolicyNotFoundException'),
  }

  test('pass the roles of their task definition, whose execution role pulls the images', async () => {
    const { landscape, edges } = await look(answers)
    expect(landscape.taskRoles).toMatchObject([
      { taskDefinition: TASK, executionRole: role('tasks'), repositories: [IMAGES, FOREIGN] },
    ])
    const pulls = edges.filter(({ need }) => need.action === 'ecr:BatchGetImage')
    expect(pulls.map(({ need, verdict }) => `${need.resource} ${verdict}`)).toEqual([
      `${IMAGES} allowed`,
      `${FOREIGN} denied`,
    ])
    expect(pulls[1]?.failure?.saidNo).toBe(`repository policy of ${FOREIGN}`)
    expect(pulls[1]?.uses).toEqual([{ pipeline: 'orders', stage: 'Stage0', action: 'Deploy' }])
    expect(edges.find(({ need }) => need.action === 'iam:PassRole')?.verdict).toBe('allowed')
  })

  test('that are not there are a finding', async () => {
    const { findings } = await look({ ...answers, DescribeServices: () => ({ services: [] }) })
    expect(findings.map(({ rule }) => rule)).toEqual(['service-does-not-exist'])
  })
})

describe('the organization', () => {
  const tree: Readonly<Record<string, object>> = {
    [HUB.account]: { Id: 'ou-ab12-workloads', Type: 'ORGANIZATIONAL_UNIT' },
    'ou-ab12-workloads': { Id: 'r-ab12', Type: 'ROOT' },
  }
  const DENY = policy({ Sid: 'NoTopics', Effect: 'Deny', Action: 'sns:Publish', Resource: '*' })
  const LIST = policy(statement(['s3:*', 'sts:*', 'kms:*']))
  const CONTROL = `arn:aws:organizations::${MANAGEMENT}:policy/o-a1b2c3d4e5/service_control_policy`
  const FULL = { Id: 'p-FullAWSAccess', Name: 'FullAWSAccess', AwsManaged: true }
  const RCP_FULL = { Id: 'p-RCPFullAWSAccess', Name: 'RCPFullAWSAccess', AwsManaged: true }

  /** What is attached beside AWS's own policies, by target; `list` stands in the place of FullAWSAccess. */
  const organization = (attached: Readonly<Record<string, string>>): Answers => ({
    ...pipelineOf(approval),
    GetTopicAttributes: () => ({ Attributes: {} }),
    DescribeOrganization: () => ({
      Organization: { Id: 'o-a1b2c3d4e5', MasterAccountId: MANAGEMENT, FeatureSet: 'ALL' },
    }),
    ListParents: ({ ChildId }, account) => {
      if (account !== MANAGEMENT) return fail('AccessDeniedException', 'not the management account')
      return { Parents: [tree[ChildId] ?? fail('ChildNotFoundException')] }
    },
    DescribeOrganizationalUnit: () => ({ OrganizationalUnit: { Name: 'Workloads' } }),
    ListPoliciesForTarget: ({ TargetId, Filter }) => {
      if (Filter === 'RESOURCE_CONTROL_POLICY') return { Policies: [RCP_FULL] }
      const name = attached[TargetId]
      const own = name ? [{ Id: `p-${name}`, Name: name, Arn: `${CONTROL}/p-${name}` }] : []
      return { Policies: name === 'list' ? own : [FULL, ...own] }
    },
    DescribePolicy: ({ PolicyId }) => ({ Policy: { Content: PolicyId === 'p-list' ? LIST : DENY } }),
  })
  const publishing = ({ edges }: Awaited<ReturnType<typeof look>>) =>
    edges.find(({ need }) => need.action === 'sns:Publish')

  test('that only has AWS’s policies limits nothing', async () => {
    const found = await look(organization({}))
    expect(publishing(found)?.verdict).toBe('allowed')
    expect(found.landscape.organization).toMatchObject({ id: 'o-a1b2c3d4e5', management: MANAGEMENT })
    expect(found.landscape.organization?.paths?.get(HUB.account)).toBe(
      'o-a1b2c3d4e5/r-ab12/ou-ab12-workloads/',
    )
    expect(found.unread.map(({ what }) => what).join('\n')).not.toContain('control polic')
  })

  test('denies by a policy of a unit, which is named', async () => {
    const found = await look(organization({ 'ou-ab12-workloads': 'deny' }))
    expect(publishing(found)?.failure).toMatchObject({
      saidNo:
        'service control policy deny (p-deny) of the organizational unit Workloads (ou-ab12-workloads), statement "NoTopics"',
      by: {
        policy: {
          kind: 'service control',
          owner: { kind: 'unit', id: 'ou-ab12-workloads', name: 'Workloads' },
          name: 'deny',
          arn: `${CONTROL}/p-deny`,
        },
        sid: 'NoTopics',
      },
      remedies: [{ origin: { account: MANAGEMENT, resourceType: 'AWS::Organizations::Policy' } }],
    })
  })

  test('denies by a list of allowed actions at the root', async () => {
    const { failure } = publishing(await look(organization({ 'r-ab12': 'list' })))!
    expect(failure).toMatchObject({
      saidNo: 'service control policy list (p-list) of the root r-ab12',
      close: [
        'no statement of the service control policy list (p-list) of the root r-ab12 allows sns:Publish',
      ],
      remedies: [{ statement: { Effect: 'Allow', Action: 'sns:Publish', Resource: '*' } }],
    })
  })

  test('leaves its management account alone', async () => {
    const answers = organization({ 'r-ab12': 'deny', [HUB.account]: 'deny' })
    const DescribeOrganization = () => ({
      Organization: { Id: 'o-a1b2c3d4e5', MasterAccountId: HUB.account, FeatureSet: 'ALL' },
    })
    const ListParents = () => ({ Parents: [{ Id: 'r-ab12', Type: 'ROOT' }] })
    const found = await look({ ...answers, DescribeOrganization, ListParents })
    expect(publishing(found)?.verdict).toBe('allowed')
  })

  test('is read as a delegated administrator where the management account is shut', async () => {
    const answers = organization({ [HUB.account]: 'deny' })
    const ListParents = ({ ChildId }: { ChildId: string }) => ({ Parents: [tree[ChildId]] })
    const found = await look({ ...answers, ListParents }, {}, [MANAGEMENT])
    expect(publishing(found)?.failure?.saidNo).toContain('of the account 111111111111')
  })

  test('that nobody may read is told with what to do, and files stand in for it', async () => {
    const answers = organization({ 'r-ab12': 'deny' })
    const found = await look(answers, {}, [MANAGEMENT])
    expect(publishing(found)?.verdict).toBe('allowed')
    const why = whyOf(found.unread, 'service control policies and resource control policies')
    expect(why).toContain('account 999999999999: no credentials')
    expect(why).toContain('account 111111111111: access denied: not the management account')
    expect(why).toContain('--account 999999999999=<profile>')
    const given = {
      policies: [
        {
          kind: 'service control policy' as const,
          name: 'scp.json',
          document: JSON.parse(DENY),
          targets: [],
          origin: { account: '', region: '', stack: '', file: 'scp.json' },
        },
      ],
    }
    const stoodIn = await look(answers, { organization: given }, [MANAGEMENT])
    expect(publishing(stoodIn)?.failure?.saidNo).toBe(
      'service control policy scp.json of the root, statement "NoTopics"',
    )
  })

  test('is still known by its id, for policies that ask for it', async () => {
    const Condition = { StringNotEquals: { 'aws:PrincipalOrgID': 'o-a1b2c3d4e5' } }
    const Policy = policy({
      Effect: 'Deny',
      Principal: '*',
      Action: 'sns:Publish',
      Resource: TOPIC,
      Condition,
    })
    const answers = { ...organization({}), GetTopicAttributes: () => ({ Attributes: { Policy } }) }
    expect(publishing(await look(answers, {}, [MANAGEMENT]))?.verdict).toBe('allowed')
    const none = { ...answers, DescribeOrganization: () => fail('AWSOrganizationsNotInUseException') }
    expect(publishing(await look(none))?.verdict).toBe('denied')
  })

  test('that cannot be described, or is not in use, or has no policies, is told apart', async () => {
    const denied = await look({
      ...organization({}),
      DescribeOrganization: () => fail('AccessDeniedException'),
    })
    expect(whyOf(denied.unread, 'service control policies and resource control policies')).toContain(
      'organizations:DescribeOrganization',
    )
    const none = await look(pipelineOf(approval))
    expect(none.unread.map(({ what }) => what).join('\n')).not.toContain('control polic')
    const billing = await look({
      ...organization({ 'r-ab12': 'deny' }),
      DescribeOrganization: () => ({
        Organization: { Id: 'o-a1b2c3d4e5', MasterAccountId: MANAGEMENT, FeatureSet: 'CONSOLIDATED_BILLING' },
      }),
    })
    expect(publishing(billing)?.verdict).toBe('allowed')
  })

  test('a policy that cannot be read denies nothing and is told', async () => {
    const found = await look({
      ...organization({ 'r-ab12': 'list' }),
      DescribePolicy: () => fail('AccessDeniedException'),
    })
    expect(publishing(found)?.verdict).toBe('allowed')
    expect(found.unread.map(({ what }) => what)).toContain('the service control policy list (p-list)')
  })

  test('an account outside of it is told', async () => {
    const abroad = action('Ask', 'Approval', 'Manual', {
      configuration: { NotificationArn: `arn:aws:sns:eu-west-1:${DEV}:t` },
    })
    const { unread } = await look({ ...organization({}), GetPipeline: pipelineOf(abroad).GetPipeline! })
    expect(
      whyOf(unread, `service control policies and resource control policies of account ${DEV}`),
    ).toContain('not in the organization o-a1b2c3d4e5')
  })
})
