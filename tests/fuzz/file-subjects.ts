/** Files of users that Crossdock reads by itself: templates to check, fleet files, buildspecs, policies, archives. */

import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { countQuotas, lint, prove, readLandscape } from '../../src/access/index.ts'
import { templateText } from '../../src/cli/named-file.ts'
import { open, pack } from '../../src/cloud/machine/archive.ts'
import { parseBuildspec } from '../../src/cloud/services/codebuild/engine/buildspec.ts'
import { parsePushHead } from '../../src/cloud/services/codecommit/door/push-commands.ts'
import { readRule } from '../../src/cloud/services/codecommit/engine/approval-rules.ts'
import { parseFleet } from '../../src/fleet/index.ts'
import { compile, validate } from '../../src/iam/index.ts'
import { supposedPolicy } from '../../src/model/index.ts'
import { stackNeeds, synthesize } from '../../src/synth/index.ts'
import { type FuzzSubject, survives, textOf } from './subject.ts'

const ROOT = join(import.meta.dirname, '../..')
const read = (path: string): string => readFileSync(join(ROOT, path), 'utf8')
const yamlBelow = (folder: string): string[] =>
  readdirSync(join(ROOT, folder))
    .filter((name) => name.endsWith('.yaml'))
    .map((name) => read(`${folder}/${name}`))
    .filter((text) => /^Resources:/m.test(text))

/** Templates of this repository, as texts and as values. */
export const templateTexts = [
  ...yamlBelow('examples/foreign/change-sets'),
  ...yamlBelow('examples/foreign/ecs-policies'),
  ...yamlBelow('tests/cases/proof/stacks'),
  read('examples/hello/template.yaml'),
]
/** Every function in one. */
const functions = {
  Transform: 'AWS::LanguageExtensions',
  Parameters: {
    Names: { Type: 'CommaDelimitedList', Default: 'One,Two', AllowedPattern: '[A-Za-z]+' },
    Size: { Type: 'Number', Default: 2, MinValue: 1, MaxValue: 5, AllowedValues: [1, 2] },
  },
  Mappings: { M: { a: { b: 'c', list: ['d'] } } },
  Conditions: {
    Is: { 'Fn::Not': [{ 'Fn::Equals': [{ Ref: 'Size' }, 1] }] },
    Or: { 'Fn::Or': [{ Condition: 'Is' }, { 'Fn::Equals': ['a', 'b'] }] },
  },
  Rules: { R: { Assertions: [{ Assert: { 'Fn::Contains': [['1', '2'], { Ref: 'Size' }] } }] } },
  Resources: {
    'Fn::ForEach::Topics': [
      'Name',
      { Ref: 'Names' },
      { 'Topic${Name}': { Type: 'AWS::SNS::Topic', Properties: { DisplayName: { Ref: 'Name' } } } },
    ],
    T: {
      Type: 'AWS::SNS::Topic',
      Condition: 'Is',
      DependsOn: ['U'],
      Properties: {
        DisplayName: {
          'Fn::Sub': ['${A}-${U.TopicName}-${AWS::Region}', { A: { 'Fn::FindInMap': ['M', 'a', 'b'] } }],
        },
        Tags: [
          {
            Key: { 'Fn::Join': ['-', [{ 'Fn::Select': [0, { 'Fn::Split': [',', 'a,b'] }] }]] },
            Value: { 'Fn::If': ['Or', 'x', { Ref: 'AWS::NoValue' }] },
          },
        ],
      },
    },
    U: { Type: 'AWS::SNS::Topic', DeletionPolicy: 'Retain', Metadata: { a: { 'Fn::Length': [1, 2] } } },
  },
  Outputs: { O: { Value: { 'Fn::GetAtt': ['U', 'TopicName'] }, Export: { Name: { 'Fn::Base64': 'e' } } } },
}
export const templateSamples = [
  functions,
  ...templateTexts,
  ...templateTexts.map((text) => templateText(text, 'template.yaml').template),
]

const hello = read('examples/hello/crossdock.yaml')

export async function fileSubjects(): Promise<FuzzSubject[]> {
  return [checkedTemplate, fleetFile, buildspec, policy, approvalRule, pushCommands, await archive()]
}

const checkedTemplate: FuzzSubject = {
  name: 'template of check --templates',
  samples: templateSamples,
  run: (input) =>
    survives(() => {
      const { template } = templateText(textOf(input), 'template.yaml')
      const target = { account: '111111111111', region: 'us-east-1' }
      const landscape = readLandscape([{ stack: 'one', target, template, file: 'template.yaml' }])
      const proof = prove(landscape)
      lint({ landscape, proof, complete: false })
      countQuotas(landscape)
      stackNeeds('role', { ...target, stack: 'one', parameters: {}, template })
    }),
}

const fleetFile: FuzzSubject = {
  name: 'fleet file',
  samples: [hello, read('examples/web/crossdock.yaml')],
  run: (input) =>
    survives(() => synthesize(parseFleet(textOf(input), join(ROOT, 'examples/hello/crossdock.yaml')))),
}

const buildspec: FuzzSubject = {
  name: 'buildspec',
  samples: [read('examples/hello/buildspec.yml'), read('examples/foreign/ecs-policies/app/buildspec.yml')],
  run: (input) => survives(() => parseBuildspec(textOf(input))),
}

const statement = {
  Sid: 'One',
  Effect: 'Allow',
  Action: ['s3:Get*', 's3:PutObject'],
  Resource: "arn:aws:s3:::${aws:PrincipalTag/team, 'none'}/*",
  Condition: { StringLike: { 'aws:userid': ['a*', '?b'] }, NumericLessThan: { 's3:max-keys': 10 } },
}
const trust = {
  Effect: 'Allow',
  Principal: { Service: ['codebuild.amazonaws.com'], AWS: '*' },
  Action: 'sts:AssumeRole',
}
/** Policies of each kind. */
export const policySamples = [
  { Version: '2012-10-17', Statement: [statement] },
  { Version: '2012-10-17', Statement: [trust] },
  { Version: '2012-10-17', Id: 'x', Statement: { ...statement, Principal: { AWS: ['111111111111'] } } },
]

const policy: FuzzSubject = {
  name: 'policy document',
  samples: policySamples,
  run: (input) =>
    survives(() => {
      validate(textOf(input), 'identity')
      compile(textOf(input), supposedPolicy('policy'))
    }),
}

const declaration = {
  name: 'one',
  roleArn: 'arn:aws:iam::111111111111:role/pipeline',
  artifactStore: { type: 'S3', location: 'bucket' },
  stages: [
    {
      name: 'Source',
      actions: [
        {
          name: 'Source',
          actionTypeId: { category: 'Source', owner: 'AWS', provider: 'S3', version: '1' },
          configuration: { S3Bucket: 'b', S3ObjectKey: 'k' },
          outputArtifacts: [{ name: 'Source' }],
          namespace: 'SourceVariables',
        },
      ],
    },
    {
      name: 'Deploy',
      actions: [
        {
          name: 'Deploy',
          actionTypeId: { category: 'Deploy', owner: 'AWS', provider: 'CloudFormation', version: '1' },
          configuration: {
            ActionMode: 'CREATE_UPDATE',
            StackName: 's',
            TemplatePath: 'Source::t.yaml',
            ParameterOverrides: '{"A":"#{SourceVariables.ETag}"}',
            RoleArn: 'arn:aws:iam::111111111111:role/deploy',
          },
          inputArtifacts: [{ name: 'Source' }],
        },
      ],
    },
  ],
  pipelineType: 'V2',
  variables: [{ name: 'X', defaultValue: 'y' }],
  triggers: [
    {
      providerType: 'CodeStarSourceConnection',
      gitConfiguration: { sourceActionName: 'Source', push: [{ branches: { includes: ['m*'] } }] },
    },
  ],
} as const
/** A pipeline that both the rules and the cloud take. */
export const declarationSample: unknown = declaration

const approvalRule: FuzzSubject = {
  name: 'approval rule',
  samples: [
    {
      Version: '2018-11-08',
      DestinationReferences: ['refs/heads/main'],
      Statements: [{ Type: 'Approvers', NumberOfApprovalsNeeded: 2, ApprovalPoolMembers: ['arn:aws:*'] }],
    },
  ],
  run: (input) => survives(() => readRule(textOf(input))),
}

const pushCommands: FuzzSubject = {
  name: 'commands of a push',
  samples: [
    `0089${'0'.repeat(40)} ${'a'.repeat(40)} refs/heads/main\0report-status side-band-64k agent=git/2.390000PACK`,
    `0035shallow ${'b'.repeat(40)}\n0000`,
  ],
  run: (input) => survives(() => parsePushHead(Buffer.from(textOf(input), 'latin1'))),
}

/** The bytes travel as text, so that they are changed as texts are. */
async function archive(): Promise<FuzzSubject> {
  const whole = await pack([
    { name: 'a.txt', content: Buffer.from('hello') },
    { name: 'folder/b.txt', content: Buffer.from('x'.repeat(1000)), mode: 0o755 },
  ])
  return {
    name: 'archive',
    samples: [Buffer.from(whole).toString('latin1')],
    run: async (input) => {
      const bytes = Buffer.from(textOf(input), 'latin1')
      // Archives are refused with plain errors, in words; what the machine itself says is a crash.
      await open(bytes, 1_000_000).catch((error: unknown) => {
        if (error instanceof TypeError || error instanceof RangeError) throw error
      })
    },
  }
}
