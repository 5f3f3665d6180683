import { describe, expect, it } from 'vitest'
import type { Need, PipelineDeclaration } from '../model/index.ts'
import { artifactPrefix } from './artifact-key.ts'
import { pipelineNeeds } from './needs.ts'
import {
  BUILD_ROLE,
  build,
  CONNECTION,
  DEPLOY_ROLE,
  deploy,
  HUB,
  hello,
  key,
  PIPELINE_ROLE,
  PROD,
  PROJECT,
  STACK_ROLE,
  surroundings,
  withStage,
} from './sample.fixture.ts'
import type { Surroundings } from './surroundings.ts'

const needs = (pipeline: PipelineDeclaration = hello): Need[] => pipelineNeeds(pipeline, surroundings)
/** `action resource` of a principal, sorted. */
const of = (principal: string, list = needs()): string[] =>
  list
    .filter((need) => need.principal === principal)
    .map((need) => `${need.action} ${need.resource}`)
    .sort()
const find = (principal: string, action: string, resource?: string, list = needs()): Need | undefined =>
  list.find(
    (need) =>
      need.principal === principal && need.action === action && (!resource || need.resource === resource),
  )

const bucket = (region: string) => `arn:aws:s3:::hello-${HUB}-${region}`

describe('artifactPrefix', () => {
  it('shortens the names of pipeline and artifact', () => {
    expect(artifactPrefix('a-pipeline-with-a-long-name', 'SourceArtifact')).toBe(
      'a-pipeline-with-a-lo/SourceArti',
    )
    expect(artifactPrefix('hello', 'Out')).toBe('hello/Out')
  })
})

describe('pipelineNeeds', () => {
  it('has CodePipeline assume the pipeline’s role and say for which pipeline', () => {
    expect(find('codepipeline.amazonaws.com', 'sts:AssumeRole')).toMatchObject({
      resource: PIPELINE_ROLE,
      context: { 'aws:SourceArn': `arn:aws:codepipeline:us-east-1:${HUB}:hello`, 'aws:SourceAccount': HUB },
    })
  })

  it('gives the pipeline’s role what it does itself, and nothing else', () => {
    expect(of(PIPELINE_ROLE)).toEqual(
      [
        `codebuild:BatchGetBuilds ${PROJECT}`,
        `codebuild:StartBuild ${PROJECT}`,
        `codeconnections:UseConnection ${CONNECTION}`,
        `codestar-connections:UseConnection ${CONNECTION}`,
        `kms:Decrypt ${key('us-east-1')}`,
        `kms:GenerateDataKey ${key('eu-west-1')}`,
        `kms:GenerateDataKey ${key('us-east-1')}`,
        ...['us-east-1', 'eu-west-1'].flatMap((region) =>
          ['Acl', 'Location', 'Versioning'].map((what) => `s3:GetBucket${what} ${bucket(region)}`),
        ),
        `s3:GetObject ${bucket('us-east-1')}/hello/BuildOutpu/*`,
        `s3:GetObjectVersion ${bucket('us-east-1')}/hello/BuildOutpu/*`,
        `s3:PutObject ${bucket('eu-west-1')}/hello/BuildOutpu/*`,
        `s3:PutObject ${bucket('us-east-1')}/hello/SourceOutp/*`,
        `s3:PutObjectAcl ${bucket('us-east-1')}/hello/SourceOutp/*`,
        `sts:AssumeRole ${DEPLOY_ROLE}`,
      ].sort(),
    )
  })

  it('says through which service and for which objects a key is used', () => {
    expect(find(PIPELINE_ROLE, 'kms:GenerateDataKey', key('eu-west-1'))?.context).toEqual({
      'kms:ViaService': 's3.eu-west-1.amazonaws.com',
      'kms:EncryptionContext:aws:s3:arn': `${bucket('eu-west-1')}/hello/BuildOutpu/*`,
    })
  })

  it('has the deploy role read in each region, run the stack and pass its role', () => {
    const found = of(DEPLOY_ROLE)
    for (const region of ['us-east-1', 'eu-west-1']) {
      expect(found).toContain(`s3:GetObject ${bucket(region)}/hello/BuildOutpu/*`)
      expect(found).toContain(`kms:Decrypt ${key(region)}`)
      expect(found).toContain(
        `cloudformation:CreateStack arn:aws:cloudformation:${region}:${PROD}:stack/hello/*`,
      )
    }
    expect(find(DEPLOY_ROLE, 'iam:PassRole')).toMatchObject({
      resource: STACK_ROLE,
      context: { 'iam:PassedToService': 'cloudformation.amazonaws.com' },
    })
    expect(found.filter((one) => one.startsWith('s3:Put'))).toEqual([])
  })

  it('has the stack’s role read the code it deploys', () => {
    expect(find('cloudformation.amazonaws.com', 'sts:AssumeRole')?.resource).toBe(STACK_ROLE)
    expect(of(STACK_ROLE)).toContain(`s3:GetObject ${bucket('eu-west-1')}/hello/BuildOutpu/*`)
    const { ParameterOverrides: _, ...configuration } = deploy('us-east-1').configuration!
    const plain = withStage('Prod', [{ ...deploy('us-east-1'), configuration }])
    expect(of(STACK_ROLE, needs(plain))).toEqual([])
  })

  it('has the project’s role read inputs, write outputs with the project’s key, and log', () => {
    const group = `arn:aws:logs:us-east-1:${HUB}:log-group:/aws/codebuild/hello`
    const must = needs().filter((need) => !need.optional)
    expect(of(BUILD_ROLE, must)).toEqual([
      `kms:Decrypt ${key('us-east-1')}`,
      `kms:GenerateDataKey ${key('us-east-1')}`,
      `logs:CreateLogGroup ${group}:log-stream:*`,
      `logs:CreateLogStream ${group}:log-stream:*`,
      `logs:PutLogEvents ${group}:log-stream:*`,
      `s3:GetObject ${bucket('us-east-1')}/hello/SourceOutp/*`,
      `s3:GetObjectVersion ${bucket('us-east-1')}/hello/SourceOutp/*`,
      `s3:PutObject ${bucket('us-east-1')}/hello/BuildOutpu/*`,
    ])
    expect(find('codebuild.amazonaws.com', 'sts:AssumeRole')?.context).toMatchObject({
      'aws:SourceArn': PROJECT,
    })
  })

  it('gives the bucket’s owner control where another account writes, and where a connection does', () => {
    const acls = (more: Partial<Surroundings>) =>
      pipelineNeeds(foreignSource, { ...surroundings, ...more }).filter(
        ({ principal, action }) => principal === DEPLOY_ROLE && action === 's3:PutObjectAcl',
      )
    const commits = {
      ...hello.stages[0]!.actions[0]!,
      actionTypeId: { category: 'Source', owner: 'AWS', provider: 'CodeCommit', version: '1' },
      configuration: { RepositoryName: 'hello', BranchName: 'main' },
      roleArn: DEPLOY_ROLE,
    } as const
    const foreignSource = { ...hello, stages: [{ ...hello.stages[0]!, actions: [commits] }] }
    expect(acls({ hasAcls: () => true })).toMatchObject([{ optional: undefined }])
    expect(acls({ hasAcls: () => false })).toMatchObject([{ optional: true }])
  })

  it('leaves out of what must be what AWS goes on without', () => {
    const optional = needs().filter((need) => need.optional)
    expect([...new Set(optional.map(({ action }) => action))].sort()).toEqual([
      'cloudformation:DescribeStackEvents',
      'codebuild:BatchPutCodeCoverages',
      'codebuild:BatchPutTestCases',
      'codebuild:CreateReport',
      'codebuild:CreateReportGroup',
      'codebuild:UpdateReport',
      'codeconnections:UseConnection',
      's3:GetBucketAcl',
      's3:GetBucketLocation',
    ])
  })

  it('adds the secrets that an action puts into a build', () => {
    const variables = JSON.stringify([
      { name: 'T', value: 'npm-token:key', type: 'SECRETS_MANAGER' },
      { name: 'P', value: '/team/url', type: 'PARAMETER_STORE' },
      { name: 'V', value: 'plain' },
    ])
    const list = needs(
      withStage('Build', [
        { ...build, configuration: { ...build.configuration, EnvironmentVariables: variables } },
      ]),
    )
    expect(of(BUILD_ROLE, list)).toEqual(
      expect.arrayContaining([
        `secretsmanager:GetSecretValue arn:aws:secretsmanager:us-east-1:${HUB}:secret:npm-token-??????`,
        `ssm:GetParameters arn:aws:ssm:us-east-1:${HUB}:parameter/team/url`,
      ]),
    )
  })

  it('asks nothing of KMS without a customer key', () => {
    const plain = pipelineNeeds(hello, { ...surroundings, artifactBucketKeyArn: () => undefined })
    expect(plain.filter((need) => need.principal !== BUILD_ROLE && need.action.startsWith('kms:'))).toEqual(
      [],
    )
  })

  it('turns variables in names into patterns', () => {
    const named = { ...deploy('us-east-1').configuration, StackName: 'hello-#{Source.BranchName}' }
    const list = needs(withStage('Prod', [{ ...deploy('us-east-1'), configuration: named }]))
    expect(find(DEPLOY_ROLE, 'cloudformation:CreateStack', undefined, list)?.resource).toBe(
      `arn:aws:cloudformation:us-east-1:${PROD}:stack/hello-*/*`,
    )
  })

  it('gives each need once and each a reason', () => {
    const list = needs()
    const keys = list.map(({ principal, action, resource, context }) =>
      JSON.stringify([principal, action, resource, context]),
    )
    expect(new Set(keys).size).toBe(keys.length)
    expect(list.every((need) => need.because.startsWith('to '))).toBe(true)
  })
})

describe('a batch of builds, another role, and reports', () => {
  const BATCH_ROLE = `arn:aws:iam::${HUB}:role/batch`
  const OTHER = `arn:aws:iam::${HUB}:role/other`
  const group = `arn:aws:codebuild:us-east-1:${HUB}:report-group/shared`
  const around = {
    ...surroundings,
    project: (...asked: Parameters<typeof surroundings.project>) => {
      const found = surroundings.project(...asked)
      return found && { ...found, batchRole: BATCH_ROLE, reports: [{ group, named: false, coverage: true }] }
    },
  }
  const built = (configuration: Record<string, string>) =>
    pipelineNeeds(
      withStage('Build', [{ ...build, configuration: { ...build.configuration, ...configuration } }]),
      around,
    )

  it('are proven for whoever does it', () => {
    const batch = built({ BatchEnabled: 'true' })
    expect(
      of(
        BATCH_ROLE,
        batch.filter((need) => !need.optional),
      ),
    ).toEqual([`codebuild:StartBuild ${PROJECT}`])
    expect(find('codebuild.amazonaws.com', 'sts:AssumeRole', BATCH_ROLE, batch)).toBeDefined()
    expect(of(BATCH_ROLE, built({}))).toEqual([])
    const other = built({ ServiceRoleArnOverride: OTHER })
    expect(find(PIPELINE_ROLE, 'iam:PassRole', OTHER, other)).toBeDefined()
    expect(find(OTHER, 'codebuild:BatchPutCodeCoverages', group, other)).toBeDefined()
    expect(of(BUILD_ROLE, other)).toEqual([])
    expect(
      find(BUILD_ROLE, 'codebuild:CreateReport', group, built({ BuildspecOverride: 'x' })),
    ).toBeUndefined()
  })
})

describe('actions of job workers', () => {
  it('need what the credentials that come with a job reach', () => {
    const worked = withStage('Build', [
      {
        name: 'Work',
        actionTypeId: { category: 'Test', owner: 'Custom', provider: 'Forge', version: '1' },
        inputArtifacts: [{ name: 'Source' }],
      },
    ])
    const found = needs(worked).filter(({ because }) => /job worker/.test(because))
    expect(new Set(found.map(({ principal }) => principal))).toEqual(new Set([PIPELINE_ROLE]))
    expect(found.map(({ action }) => action)).toEqual(
      expect.arrayContaining(['s3:GetObject', 's3:GetObjectVersion', 'kms:Decrypt']),
    )
  })
})
