import { describe, expect, it } from 'vitest'
import type { ActionDeclaration, PipelineDeclaration } from '../model/index.ts'
import { validateDeclaration } from './rules.ts'
import { approve, build, deploy, HOME, hello, source, withStage } from './sample.fixture.ts'

const messages = (pipeline: PipelineDeclaration): string[] =>
  validateDeclaration(pipeline, HOME).map((one) => one.message)
const first = (pipeline: PipelineDeclaration) => validateDeclaration(pipeline, HOME)[0]

const changed = (action: ActionDeclaration, changes: Partial<ActionDeclaration>): ActionDeclaration => ({
  ...action,
  ...changes,
})
const configured = (action: ActionDeclaration, configuration: Record<string, string>): ActionDeclaration => ({
  ...action,
  configuration: { ...action.configuration, ...configuration },
})

describe('structure', () => {
  it('takes the sample pipeline', () => {
    expect(validateDeclaration(hello, HOME)).toEqual([])
  })

  it('wants two stages, in AWS’s words', () => {
    expect(first({ ...hello, stages: hello.stages.slice(0, 1) })).toMatchObject({
      code: 'InvalidStructureException',
      message: 'Pipeline has only 1 stage(s). There should be a minimum of 2 stages in a pipeline',
    })
  })

  it('wants sources in the first stage and nowhere else', () => {
    expect(messages(withStage('Source', [source, approve]))).toContain(
      'Pipeline should start with a stage that only contains source actions',
    )
    const second = changed(source, {
      name: 'Again',
      namespace: 'Again',
      outputArtifacts: [{ name: 'Other' }],
    })
    expect(messages(withStage('Build', [second, build]))[0]).toMatch(/^Source action Again is in stage Build/)
  })

  it('wants names of stages and of a stage’s actions to differ', () => {
    expect(
      messages({ ...hello, stages: [...hello.stages, { name: 'Build', actions: [approve] }] }),
    ).toContain('All stage names within a pipeline must be unique. Name Build has been used more than once.')
    expect(messages(withStage('Prod', [approve, approve]))[0]).toMatch(
      /Name Approve has been used more than once/,
    )
  })

  it('warns of blockers, which AWS reserves', () => {
    const stages = hello.stages.map((stage) => ({ ...stage, blockers: [{ name: 'x', type: 'Schedule' }] }))
    expect(validateDeclaration({ ...hello, stages }, HOME)[0]).toMatchObject({
      severity: 'warning',
      path: 'stages[0].blockers',
    })
  })

  it('warns past 50 actions in a stage and refuses more than 100', () => {
    const many = (count: number) =>
      Array.from({ length: count }, (_, at) => changed(approve, { name: `A${at}` }))
    expect(validateDeclaration(withStage('Prod', many(51)), HOME)).toMatchObject([{ severity: 'warning' }])
    expect(validateDeclaration(withStage('Prod', many(101)), HOME)).toMatchObject([{ severity: 'error' }])
  })

  it('wants type V2 for modes, variables and triggers', () => {
    const v1 = {
      ...hello,
      pipelineType: 'V1' as const,
      executionMode: 'QUEUED' as const,
      variables: [{ name: 'x' }],
    }
    expect(messages(v1)).toHaveLength(2)
    expect(messages({ ...v1, pipelineType: 'V2' })).toEqual([])
  })
})

describe('artifacts', () => {
  it('wants every input to be an earlier output', () => {
    expect(
      messages(withStage('Build', [changed(build, { inputArtifacts: [{ name: 'Nothing' }] })])),
    ).toContain(
      'Input Artifact Bundle Nothing in action Build is not declared as Output Artifact Bundle in any of the preceding actions',
    )
  })

  it('does not take an output of the same run order', () => {
    const user = changed(build, {
      name: 'User',
      inputArtifacts: [{ name: 'BuildOutput' }],
      outputArtifacts: [],
    })
    expect(messages(withStage('Build', [build, user]))[0]).toMatch(
      /^Input Artifact Bundle BuildOutput in action User/,
    )
    expect(messages(withStage('Build', [build, changed(user, { runOrder: 2 })]))).toEqual([])
  })

  it('wants output names to be unique', () => {
    const twice = changed(build, { name: 'Twice', outputArtifacts: [{ name: 'SourceOutput' }] })
    expect(messages(withStage('Build', [build, twice]))).toContain(
      'Output Artifact Bundle name must be unique within the pipeline. SourceOutput has been used more than once.',
    )
  })

  it('warns of an artifact between two foreign accounts, which AWS takes against its own guide', () => {
    const maker = changed(build, { roleArn: 'arn:aws:iam::222222222222:role/build' })
    expect(validateDeclaration(withStage('Build', [maker]), HOME)[0]).toMatchObject({
      severity: 'warning',
      message: expect.stringMatching(
        /in account 444444444444 uses the artifact BuildOutput made in account 222222222222/,
      ),
    })
  })

  it('counts artifacts by provider', () => {
    expect(
      messages(withStage('Build', [build, changed(approve, { inputArtifacts: [{ name: 'SourceOutput' }] })])),
    ).toEqual(["Action 'Approve' has 1 input artifact(s); its action type takes exactly 0"])
  })
})

describe('actions', () => {
  it('names missing and unknown configuration', () => {
    const wrong = changed(build, { configuration: { Project: 'hello' } })
    expect(messages(withStage('Build', [wrong]))).toEqual([
      "Action configuration for action 'Build' contains unknown configuration '[Project]'",
      "Action configuration for action 'Build' is missing required configuration 'ProjectName'",
    ])
  })

  it('refuses a timeout on anything but an approval', () => {
    expect(messages(withStage('Build', [changed(build, { timeoutInMinutes: 30 })]))).toHaveLength(1)
    const approval = changed(approve, { timeoutInMinutes: 30 })
    expect(messages(withStage('Prod', [approval]))).toEqual([])
    expect(messages(withStage('Prod', [changed(approval, { timeoutInMinutes: 4 })]))).toHaveLength(1)
  })

  it('refuses a source in another region', () => {
    expect(messages(withStage('Source', [changed(source, { region: 'eu-west-1' })]))[0]).toMatch(
      /source actions must be in the pipeline's region us-east-1/,
    )
  })

  it('refuses an unknown provider of AWS', () => {
    const unknown = { ...build.actionTypeId, provider: 'CodeGuess' }
    expect(messages(withStage('Build', [changed(build, { actionTypeId: unknown })]))[0]).toMatch(
      /'CodeGuess'/,
    )
  })

  it('tells a wrong version, owner, category or spelling of a provider, and what there is instead', () => {
    const typed = (changes: object) =>
      validateDeclaration(
        withStage('Build', [changed(build, { actionTypeId: { ...build.actionTypeId, ...changes } })]),
        HOME,
      )[0]
    for (const changes of [
      { version: '2' },
      { owner: 'Custom' },
      { owner: 'ThirdParty' },
      { provider: 'codebuild' },
    ])
      expect(typed(changes)).toMatchObject({
        code: 'InvalidActionDeclarationException',
        severity: 'error',
        fix: expect.stringContaining('Category Build, Provider CodeBuild, Owner AWS, Version 1'),
      })
    expect(typed({ category: 'Deploy' })?.fix).toMatch(/^there is Category Build/)
    expect(typed({ owner: 'Custom', provider: 'Jenkins' })).toBeUndefined()
    expect(typed({ provider: 'EKS' })?.fix).toBe(
      'there is Category Deploy, Provider EKS, Owner AWS, Version 1',
    )
  })

  it('knows what each CloudFormation mode demands', () => {
    const bare = (mode: string) =>
      changed(deploy('us-east-1'), { configuration: { ActionMode: mode, StackName: 's' } })
    const demanded = (mode: string) =>
      messages(withStage('Prod', [bare(mode)])).map((text) => /: (\w+) is required/.exec(text)?.[1])
    expect(demanded('CREATE_UPDATE')).toEqual(['TemplatePath', 'RoleArn'])
    expect(demanded('REPLACE_ON_FAILURE')).toEqual(['TemplatePath', 'RoleArn'])
    expect(demanded('DELETE_ONLY')).toEqual(['RoleArn'])
    expect(demanded('CHANGE_SET_REPLACE')).toEqual(['TemplatePath', 'ChangeSetName', 'RoleArn'])
    expect(demanded('CHANGE_SET_EXECUTE')).toEqual(['ChangeSetName'])
  })

  it('wants referred artifacts to be inputs', () => {
    const wrong = configured(deploy('us-east-1'), {
      TemplatePath: 'Elsewhere::t.yaml',
      ParameterOverrides: '{"A":{"Fn::GetParam":["Missing","f.json","k"]}}',
    })
    expect(messages(withStage('Prod', [wrong]))).toEqual([
      expect.stringContaining('TemplatePath names the artifact Elsewhere'),
      expect.stringContaining('ParameterOverrides names the artifact Missing'),
    ])
  })

  it('limits ParameterOverrides to a kilobyte of JSON', () => {
    const overrides = (text: string) =>
      withStage('Prod', [configured(deploy('us-east-1'), { ParameterOverrides: text })])
    expect(messages(overrides(JSON.stringify({ a: 'x'.repeat(1100) })))).toEqual(
      expect.arrayContaining([expect.stringContaining('at most 1024 are allowed')]),
    )
    expect(messages(overrides('[1]'))[0]).toMatch(/must be a JSON object/)
  })
})

describe('stores', () => {
  it('wants a store for every region', () => {
    const { 'us-east-1': home } = hello.artifactStores!
    expect(messages({ ...hello, artifactStores: { 'us-east-1': home! } })).toEqual([
      'Pipeline has no artifact store for region eu-west-1',
    ])
    expect(messages({ ...hello, artifactStores: undefined, artifactStore: home })).toHaveLength(1)
  })

  it('wants exactly one kind of store', () => {
    expect(messages({ ...hello, artifactStore: hello.artifactStores!['us-east-1'] })[0]).toMatch(
      /only one of them/,
    )
    expect(messages({ ...hello, artifactStores: undefined })[0]).toMatch(/neither/)
  })
})

describe('variables', () => {
  it('wants the namespace to exist and to run before', () => {
    const refer = (text: string) => messages(withStage('Prod', [configured(approve, { CustomData: text })]))
    expect(refer('#{codepipeline.PipelineExecutionId}')).toEqual([])
    expect(refer('#{Nowhere.X}')[0]).toMatch(
      /^No action has the namespace Nowhere.*ActionConfigurationKey=\[CustomData\]/,
    )
    expect(refer('#{Source.Color}')[0]).toMatch(/^The action Source has no output variable Color/)
    expect(refer('#{Source}')[0]).toMatch(/^Valid format for a pipeline execution variable reference/)
    expect(refer('#{variables.Stage}')[0]).toMatch(/declares no variable Stage/)
  })

  it('wants namespaces to differ from each other and from artifacts', () => {
    expect(messages(withStage('Build', [changed(build, { namespace: 'Source' })]))[0]).toMatch(
      /^Namespaces must be unique/,
    )
    expect(messages(withStage('Build', [changed(build, { namespace: 'BuildOutput' })]))[0]).toMatch(
      /also the name of an artifact/,
    )
  })
})

describe('triggers', () => {
  const triggered = (filter: object, sourceActionName = 'Source') => ({
    ...hello,
    triggers: [
      { providerType: 'CodeStarSourceConnection', gitConfiguration: { sourceActionName, push: [filter] } },
    ],
  })

  it('takes branches with file paths, and tags alone', () => {
    expect(
      messages(triggered({ branches: { includes: ['main'] }, filePaths: { includes: ['src/**'] } })),
    ).toEqual([])
    expect(messages(triggered({ tags: { includes: ['v*'] } }))).toEqual([])
    expect(
      messages(triggered({ tags: { includes: ['v*'] }, branches: { includes: ['main'] } })),
    ).toHaveLength(1)
  })

  it('wants a connection source of the pipeline', () => {
    expect(messages(triggered({ branches: { includes: ['main'] } }, 'Other'))[0]).toMatch(
      /names the source action Other/,
    )
  })
})
