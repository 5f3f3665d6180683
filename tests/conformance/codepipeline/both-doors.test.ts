/** Whatever CreatePipeline and UpdatePipeline refuse in a declaration, `check` says of the template that declares it. */
import {
  CreatePipelineCommand,
  type PipelineDeclaration,
  UpdatePipelineCommand,
} from '@aws-sdk/client-codepipeline'
import { beforeAll, describe, expect, it } from 'vitest'
import { lint, prove, readLandscape, templateFindings } from '../../../src/access/index.ts'
import type { Template } from '../../../src/model/index.ts'
import { declaredInTemplate } from '../../../src/pipeline/index.ts'
import { DEV, HUB } from '../cloud.ts'
import { action, approval, pipelineOf, s3Source } from './declarations.ts'
import { brokenShapes, changedAt, type Fault, propertiesOf } from './one-fault.ts'
import { openWorkshop, REGION, type Workshop } from './workshop.ts'

const ROLE = `arn:aws:iam::${HUB}:role/pipeline`
const DEPLOY = `arn:aws:iam::${DEV}:role/deploy`
const CONNECTION = `arn:aws:codestar-connections:${REGION}:${HUB}:connection/c0ffee`

const git = action('Git', ['Source', 'CodeStarSourceConnection'], {
  configuration: { ConnectionArn: CONNECTION, FullRepositoryId: 'example/app', BranchName: 'main' },
  outputArtifacts: [{ name: 'GitOutput' }],
  namespace: 'Git',
})
const deploy = action('Deploy', ['Deploy', 'CloudFormation'], {
  runOrder: 2,
  region: 'eu-west-1',
  roleArn: DEPLOY,
  configuration: {
    ActionMode: 'CREATE_UPDATE',
    StackName: 'app',
    TemplatePath: 'SourceOutput::t.json',
    RoleArn: `arn:aws:iam::${DEV}:role/stack`,
    ParameterOverrides: '{"Key":{"Fn::GetParam":["GitOutput","a.json","Key"]}}',
  },
  inputArtifacts: [{ name: 'SourceOutput' }, { name: 'GitOutput' }],
})
const right: PipelineDeclaration = pipelineOf(
  'right',
  ROLE,
  'artifacts',
  [
    [s3Source('drops'), git],
    [
      approval('Approve', {
        timeoutInMinutes: 30,
        configuration: {
          CustomData: '#{Git.BranchName} #{variables.Stage} #{codepipeline.PipelineExecutionId}',
        },
      }),
      deploy,
    ],
  ],
  {
    artifactStore: undefined,
    artifactStores: Object.fromEntries(
      [REGION, 'eu-west-1'].map((region) => [
        region,
        { type: 'S3', location: 'artifacts', encryptionKey: { id: 'alias/artifacts', type: 'KMS' } },
      ]),
    ),
    executionMode: 'QUEUED',
    variables: [{ name: 'Stage', defaultValue: 'dev' }],
    triggers: [
      {
        providerType: 'CodeStarSourceConnection',
        gitConfiguration: { sourceActionName: 'Git', push: [{ branches: { includes: ['main'] } }] },
      },
    ],
  },
)

const plain = JSON.parse(JSON.stringify(right)) as Record<string, unknown>
const [APPROVE, STACK] = ['stages.1.actions.0', 'stages.1.actions.1']

/** Rules that are none of the model's: a path in the declaration and what stands there instead. */
const RULES: readonly [title: string, ...changes: [path: string, value: unknown][]][] = [
  ['V1 with a mode', ['pipelineType', 'V1'], ['variables', undefined], ['triggers', undefined]],
  [
    'no type and variables',
    ['pipelineType', undefined],
    ['executionMode', undefined],
    ['triggers', undefined],
  ],
  ['V1 with triggers', ['pipelineType', 'V1'], ['executionMode', 'SUPERSEDED'], ['variables', undefined]],
  ['a variable twice', ['variables', [{ name: 'Stage' }, { name: 'Stage' }]]],
  ['one stage', ['stages', [plainAt('stages.0')]]],
  [
    '51 stages',
    [
      'stages',
      [
        plainAt('stages.0'),
        ...Array.from({ length: 50 }, (_, at) => ({ name: `S${at}`, actions: [approval()] })),
      ],
    ],
  ],
  ['a stage without actions', ['stages.1.actions', []]],
  [
    'a stage of 101 actions',
    ['stages.1.actions', Array.from({ length: 101 }, (_, at) => approval(`A${at}`))],
  ],
  ['two stages of a name', ['stages.1.name', 'Source']],
  ['two actions of a name', [`${STACK}.name`, 'Approve']],
  ['no source first', ['stages.0.actions', [approval()]]],
  [
    'a source later',
    [
      'stages.1.actions.2',
      s3Source('drops', { name: 'Again', namespace: 'Again', outputArtifacts: [{ name: 'Again' }] }),
    ],
  ],
  ['an approval among sources', ['stages.0.actions.2', approval('Early')]],
  ['sources only', ['stages', [plainAt('stages.0'), { name: 'More', actions: [{ ...git, name: 'More' }] }]]],
  ['a stray input', [`${STACK}.inputArtifacts.2`, { name: 'Nobody' }]],
  [
    'an input that is made later',
    [`${STACK}.outputArtifacts`, [{ name: 'Later' }]],
    [`${STACK}.inputArtifacts.2`, { name: 'Later' }],
  ],
  ['an output twice', ['stages.0.actions.1.outputArtifacts.0.name', 'SourceOutput']],
  ['an input to an approval', [`${APPROVE}.inputArtifacts`, [{ name: 'SourceOutput' }]]],
  [
    'eleven inputs',
    [`${STACK}.inputArtifacts`, Array.from({ length: 11 }, () => ({ name: 'SourceOutput' }))],
  ],
  ['no output of a source', ['stages.0.actions.0.outputArtifacts', []]],
  ['an unknown version', [`${STACK}.actionTypeId.version`, '2']],
  ['an unknown provider', [`${STACK}.actionTypeId.provider`, 'CloudGuess']],
  ['a provider spelled wrong', [`${STACK}.actionTypeId.provider`, 'Cloudformation']],
  ['a provider of another category', [`${STACK}.actionTypeId.category`, 'Test']],
  ['a provider of another owner', [`${STACK}.actionTypeId.owner`, 'ThirdParty']],
  ['a stray key of a configuration', [`${STACK}.configuration.Region`, 'eu-west-1']],
  ['a missing key of a configuration', [`${STACK}.configuration.StackName`, undefined]],
  ['a value that a key does not take', [`${STACK}.configuration.ActionMode`, 'CREATE_ONLY']],
  ['a file of no form', [`${STACK}.configuration.TemplatePath`, 't.json']],
  ['a file of no input', [`${STACK}.configuration.TemplatePath`, 'Nobody::t.json']],
  [
    'spaces in Capabilities',
    [`${STACK}.configuration.Capabilities`, 'CAPABILITY_IAM, CAPABILITY_AUTO_EXPAND'],
  ],
  ['overrides that are no JSON', [`${STACK}.configuration.ParameterOverrides`, '{']],
  [
    'overrides of no input',
    [`${STACK}.configuration.ParameterOverrides`, '{"A":{"Fn::GetParam":["Nobody","a","b"]}}'],
  ],
  ['an output file without output', [`${STACK}.configuration.OutputFileName`, 'o.json']],
  ['no role of the stack', [`${STACK}.configuration.RoleArn`, undefined]],
  ['a timeout of a deployment', [`${STACK}.timeoutInMinutes`, 30]],
  ['a variable of no namespace', [`${APPROVE}.configuration.CustomData`, '#{nosuch.X}']],
  ['a variable that its action does not give', [`${APPROVE}.configuration.CustomData`, '#{Git.Color}']],
  [
    'a variable that the pipeline does not declare',
    [`${APPROVE}.configuration.CustomData`, '#{variables.Color}'],
  ],
  [
    'a variable of CodePipeline that is none',
    [`${APPROVE}.configuration.CustomData`, '#{codepipeline.Color}'],
  ],
  ['a reference of no form', [`${APPROVE}.configuration.CustomData`, '#{Git}']],
  [
    'a variable of a later action',
    [`${STACK}.namespace`, 'Deploy'],
    [`${APPROVE}.configuration.CustomData`, '#{Deploy.X}'],
  ],
  ['a namespace twice', ['stages.0.actions.1.namespace', 'Fetched']],
  ['a namespace of an artifact', [`${STACK}.namespace`, 'GitOutput']],
  ['a reserved namespace', [`${STACK}.namespace`, 'variables']],
  ['no store of a region', ['artifactStores.eu-west-1', undefined]],
  [
    'one store for two regions',
    ['artifactStores', undefined],
    ['artifactStore', { type: 'S3', location: 'artifacts' }],
  ],
  ['no store', ['artifactStores', undefined]],
  ['both kinds of stores', ['artifactStore', { type: 'S3', location: 'artifacts' }]],
  ['a source elsewhere', ['stages.0.actions.0.region', 'eu-west-1']],
  ['a trigger of no source', ['triggers.0.gitConfiguration.sourceActionName', 'Nobody']],
  ['a trigger of another kind of source', ['triggers.0.gitConfiguration.sourceActionName', 'Fetch']],
  ['two triggers of a source', ['triggers.1', plainAt('triggers.0')]],
  ['tags beside branches', ['triggers.0.gitConfiguration.push.0.tags', { includes: ['v*'] }]],
]

function plainAt(path: string): unknown {
  return path.split('.').reduce<unknown>((value, step) => (value as Record<string, unknown>)[step], plain)
}

const changed = (changes: readonly [path: string, value: unknown][]): Record<string, unknown> =>
  JSON.parse(
    JSON.stringify(
      changes.reduce<unknown>((value, [path, to]) => changedAt(value, path.split('.'), to), plain),
    ),
  )

/** What `check` says of a template with the pipeline: errors of CloudFormation's and of CodePipeline's. */
function said(declaration: object): { rule: string; message: string }[] {
  const template = {
    Resources: { Pipeline: { Type: 'AWS::CodePipeline::Pipeline', Properties: propertiesOf(declaration) } },
  } as unknown as Template
  const placed = { stack: 's', target: { account: HUB, region: REGION }, template, file: 'hub.json' }
  const landscape = readLandscape([placed])
  const found = lint({ landscape, proof: prove(landscape), complete: false })
  return [
    ...templateFindings([placed]),
    ...found.filter(({ rule }) => rule === 'refused-declaration'),
  ].filter(({ severity }) => severity === 'error')
}

let shop: Workshop
beforeAll(async () => {
  shop = await openWorkshop()
  await shop.role('pipeline', 'codepipeline.amazonaws.com', [{ Action: ['s3:*', 'sts:AssumeRole'] }])
  await shop.role('deploy', ROLE, [], DEV)
  await shop.codepipeline.send(new CreatePipelineCommand({ pipeline: right }))
})

async function refusal(declaration: object, name = 'new'): Promise<{ name: string; message: string }> {
  const pipeline = {
    ...declaration,
    ...('name' in declaration && plain.name === declaration.name && { name }),
  }
  const command =
    name === 'right'
      ? new UpdatePipelineCommand({ pipeline: pipeline as never })
      : new CreatePipelineCommand({ pipeline: pipeline as never })
  return shop.codepipeline.send(command as CreatePipelineCommand).then(
    () => ({ name: 'taken', message: '' }),
    (error) => error,
  )
}

it('what CreatePipeline takes, check lets pass', () => {
  expect(said(plain)).toEqual([])
  expect(declaredInTemplate(propertiesOf(plain), 'right').declaration).toEqual(plain)
})

describe('the form', () => {
  // CloudFormation names a pipeline that its template leaves nameless, and has no property for its version.
  const faults: readonly Fault[] = brokenShapes(plain).filter(
    ({ title }) => title !== ': without name' && title !== ': version too small',
  )

  it('is broken in every way', () => expect(faults.length).toBeGreaterThan(150))

  it('is refused at both doors', async () => {
    const wrong: unknown[] = []
    for (const { title, declaration } of faults) {
      const refused = await refusal(declaration)
      const told = said(declaration)
      if (refused.name !== 'ValidationException' || !told.length)
        wrong.push({ title, refused: `${refused.name} ${refused.message}`, told })
    }
    expect(wrong).toEqual([])
  })
})

describe('the rules', () => {
  it.each(RULES)('%s', async (_title, ...changes) => {
    const declaration = changed(changes)
    const refused = await refusal(declaration)
    const [first] = said(declaration)
    expect(refused.name).toMatch(/^Invalid|^ValidationException/)
    expect(first?.message).toContain(refused.message)
    expect(first?.rule).toBe('refused-declaration')
    const updated = await refusal(declaration, 'right')
    expect(updated.message).toBe(refused.message)
  })
})
