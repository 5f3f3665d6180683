import { describe, expect, it } from 'vitest'
import type { PipelineDeclaration, RuleDeclaration, StageDeclaration } from '../model/index.ts'
import { needsByAction, pipelineNeeds } from './needs.ts'
import { validateDeclaration } from './rules.ts'
import {
  build,
  DEPLOY_ROLE,
  deploy,
  HOME,
  HUB,
  hello,
  PIPELINE_ROLE,
  PROD,
  surroundings,
} from './sample.fixture.ts'

const rule = (provider: string, more: Partial<RuleDeclaration> = {}): RuleDeclaration => ({
  name: provider,
  ruleTypeId: { category: 'Rule', owner: 'AWS', provider, version: '1' },
  ...more,
})
const alarm = rule('CloudWatchAlarm', { configuration: { AlarmName: 'errors', WaitTime: '15' } })
const window = rule('DeploymentWindow', {
  configuration: { Cron: '* * 8-15 ? * MON-THU *', TimeZone: 'Europe/Oslo' },
})
const variable = rule('VariableCheck', {
  configuration: { Variable: '#{Source.BranchName}', Value: 'main', Operator: 'EQ' },
})
const lambda = rule('LambdaInvoke', { configuration: { FunctionName: 'gate' } })

function withConditions(
  stageName: string,
  conditions: Partial<StageDeclaration>,
  pipeline: Partial<PipelineDeclaration> = {},
): PipelineDeclaration {
  return {
    ...hello,
    ...pipeline,
    stages: hello.stages.map((stage) => (stage.name === stageName ? { ...stage, ...conditions } : stage)),
  }
}
const problems = (stageName: string, conditions: Partial<StageDeclaration>, more = {}) =>
  validateDeclaration(withConditions(stageName, conditions, more), HOME).map(
    ({ path, message }) => `${path}: ${message}`,
  )

describe('what CreatePipeline takes of conditions', () => {
  it('takes every provider', () => {
    expect(
      problems('Prod', {
        beforeEntry: { conditions: [{ result: 'FAIL', rules: [window, variable, lambda, alarm] }] },
        onSuccess: {
          conditions: [
            {
              result: 'ROLLBACK',
              rules: [
                alarm,
                rule('CodeBuild', {
                  configuration: { ProjectName: 'hello' },
                  inputArtifacts: [{ name: 'BuildOutput' }],
                }),
                rule('Commands', { commands: ['ls'], inputArtifacts: [{ name: 'BuildOutput' }] }),
              ],
            },
          ],
        },
        onFailure: { conditions: [{ result: 'ROLLBACK', rules: [alarm] }] },
      }),
    ).toEqual([])
    expect(
      problems('Build', { onFailure: { result: 'RETRY', retryConfiguration: { retryMode: 'ALL_ACTIONS' } } }),
    ).toEqual([])
    expect(problems('Build', { onFailure: { result: 'ROLLBACK' } })).toEqual([])
  })

  it('wants the results of each type', () => {
    expect(
      problems('Prod', { beforeEntry: { conditions: [{ result: 'ROLLBACK', rules: [alarm] }] } }),
    ).toEqual([
      'stages[2].beforeEntry.conditions[0].result: Condition beforeEntry of the stage Prod has the result ROLLBACK; allowed are FAIL, SKIP',
    ])
    expect(problems('Prod', { onSuccess: { conditions: [{ result: 'SKIP', rules: [lambda] }] } })[0]).toMatch(
      /allowed are ROLLBACK, FAIL/,
    )
    expect(problems('Prod', { onFailure: { conditions: [{ result: 'FAIL', rules: [alarm] }] } })[0]).toMatch(
      /allowed are ROLLBACK/,
    )
    expect(problems('Prod', { onFailure: { result: 'SKIP' } })[0]).toMatch(/allowed are ROLLBACK, RETRY/)
    expect(problems('Prod', { onSuccess: { conditions: [{ rules: [alarm] }] } })[0]).toMatch(/has no result/)
    expect(problems('Prod', { onSuccess: { conditions: [{ result: 'FAIL' }] } })[0]).toMatch(/has no rules/)
  })

  it('skips by functions and variables alone', () => {
    const skip = (one: RuleDeclaration) =>
      problems('Prod', { beforeEntry: { conditions: [{ result: 'SKIP', rules: [one] }] } })
    expect(skip(lambda)).toEqual([])
    expect(skip(variable)).toEqual([])
    expect(skip(alarm)).toEqual([
      'stages[2].beforeEntry.conditions[0].rules[0].ruleTypeId: Rule CloudWatchAlarm of the provider CloudWatchAlarm cannot skip a stage',
    ])
  })

  it('rolls back neither sources nor parallel executions', () => {
    const rollback = { onSuccess: { conditions: [{ result: 'ROLLBACK' as const, rules: [alarm] }] } }
    expect(problems('Source', rollback)[0]).toMatch(/a source stage cannot be rolled back/)
    expect(problems('Prod', rollback, { executionMode: 'PARALLEL' })[0]).toMatch(/PARALLEL mode cannot do/)
  })

  it('retries without conditions, and with a mode for retries only', () => {
    const conditions = [{ result: 'ROLLBACK' as const, rules: [alarm] }]
    expect(problems('Prod', { onFailure: { result: 'RETRY', conditions } })).toContainEqual(
      expect.stringMatching(/automatic retry and conditions on failure/),
    )
    expect(
      problems('Prod', {
        onFailure: { result: 'ROLLBACK', retryConfiguration: { retryMode: 'ALL_ACTIONS' } },
      }),
    ).toEqual([expect.stringMatching(/only the result RETRY takes one/)])
  })

  it('needs a pipeline of type V2', () => {
    const problem = problems('Prod', { onFailure: { result: 'ROLLBACK' } }, { pipelineType: 'V1' })
    expect(problem).toContainEqual(
      expect.stringMatching(/^stages\[2\].onFailure: Pipeline type V2 is needed/),
    )
  })

  it('takes one condition of one to five rules, with names of their own', () => {
    const six = Array.from({ length: 6 }, (_, at) => ({ ...alarm, name: `a${at}` }))
    expect(problems('Prod', { onSuccess: { conditions: [{ result: 'FAIL', rules: six }] } })[0]).toMatch(
      /rules has 6 entries; 1 to 5 are allowed/,
    )
    const two = [1, 2].map(() => ({ result: 'FAIL' as const, rules: [alarm] }))
    expect(problems('Prod', { onSuccess: { conditions: two } })[0]).toMatch(
      /conditions has 2 entries; 1 to 1/,
    )
    expect(
      problems('Prod', { onSuccess: { conditions: [{ result: 'FAIL', rules: [alarm, alarm] }] } }),
    ).toEqual([
      expect.stringMatching(/All rule names within a condition must be unique. Name CloudWatchAlarm/),
    ])
  })

  it('knows the configuration of every provider', () => {
    const entry = (one: RuleDeclaration) =>
      problems('Prod', { beforeEntry: { conditions: [{ result: 'FAIL', rules: [one] }] } }).map((text) =>
        text.replace('stages[2].beforeEntry.conditions[0].rules[0].', ''),
      )
    expect(entry(rule('DeploymentWindows'))).toEqual([
      "ruleTypeId: RuleType (Category: 'Rule', Provider: 'DeploymentWindows', Owner: 'AWS', Version: '1') in rule 'DeploymentWindows' is not available in region",
    ])
    expect(
      entry({ ...alarm, configuration: { AlarmStates: 'OK,BAD', WaitTime: '1.5', Alarm: 'x' } }),
    ).toEqual([
      "configuration: Rule configuration for rule 'CloudWatchAlarm' contains unknown configuration '[Alarm]'",
      "configuration.AlarmName: Rule configuration for rule 'CloudWatchAlarm' is missing required configuration 'AlarmName'",
      "configuration.AlarmStates: Rule configuration for rule 'CloudWatchAlarm' is invalid: AlarmStates has the state 'BAD'; allowed are ALARM, OK, INSUFFICIENT_DATA",
      "configuration.WaitTime: Rule configuration for rule 'CloudWatchAlarm' is invalid: WaitTime is '1.5'; it takes whole minutes up to 86400",
    ])
    expect(entry({ ...window, configuration: { Cron: '* * 8-15 * * MON *' } })[0]).toMatch(
      /no cron expression/,
    )
    expect(
      entry({ ...window, configuration: { Cron: '* * 8 ? * MON *', TimeZone: 'Oslo/Europe' } })[0],
    ).toMatch(/^configuration.TimeZone: .*TimeZone is 'Oslo\/Europe'/)
    const checked = { Variable: 'x', Value: '[', Operator: 'MATCHES' }
    expect(entry({ ...variable, configuration: checked })[0]).toMatch(
      /Value is no regular expression of Java/,
    )
    expect(entry({ ...variable, configuration: { ...checked, Operator: 'LIKE' } })[0]).toMatch(
      /has the value 'LIKE' for 'Operator'; allowed are EQ, NE, CONTAINS, MATCHES/,
    )
    expect(entry({ ...alarm, commands: ['ls'] })).toEqual([
      'commands: Rule CloudWatchAlarm has commands, which the provider CloudWatchAlarm does not run',
    ])
    expect(entry({ ...alarm, inputArtifacts: [{ name: 'BuildOutput' }] })).toEqual([
      "inputArtifacts: Rule 'CloudWatchAlarm' has 1 input artifact(s); its rule type takes exactly 0",
    ])
  })

  it('reads what came before: on entry nothing of the stage, afterwards all of it', () => {
    const reads = { ...lambda, inputArtifacts: [{ name: 'BuildOutput' }] }
    const entry = { beforeEntry: { conditions: [{ result: 'FAIL' as const, rules: [reads] }] } }
    const success = { onSuccess: { conditions: [{ result: 'FAIL' as const, rules: [reads] }] } }
    expect(problems('Build', success)).toEqual([])
    expect(problems('Build', entry)[0]).toMatch(/BuildOutput in rule LambdaInvoke is not declared as Output/)
    const unknown = { ...variable, configuration: { Variable: '#{Build.X}', Value: 'x', Operator: 'EQ' } }
    expect(
      problems('Prod', { beforeEntry: { conditions: [{ result: 'SKIP', rules: [unknown] }] } })[0],
    ).toMatch(/RuleName=\[VariableCheck\], RuleConfigurationKey=\[Variable\]/)
  })
})

describe('what rules need', () => {
  const needsOf = (rules: readonly RuleDeclaration[]) =>
    needsByAction(
      withConditions('Prod', { onSuccess: { conditions: [{ result: 'FAIL', rules }] } }),
      surroundings,
    )
      .filter(({ action }) => action?.startsWith('onSuccess › '))
      .flatMap(({ needs }) => needs.map((one) => `${one.principal} ${one.action} ${one.resource}`))

  it('looks at alarms as the pipeline’s role, in the rule’s region', () => {
    expect(needsOf([{ ...alarm, region: 'eu-west-1' }])).toEqual([
      `${PIPELINE_ROLE} cloudwatch:DescribeAlarms arn:aws:cloudwatch:eu-west-1:${HUB}:alarm:errors`,
    ])
  })

  it('looks at them under the rule’s own role, which the pipeline’s assumes', () => {
    expect(needsOf([{ ...alarm, roleArn: DEPLOY_ROLE }])).toEqual([
      `${PIPELINE_ROLE} sts:AssumeRole ${DEPLOY_ROLE}`,
      `${DEPLOY_ROLE} cloudwatch:DescribeAlarms arn:aws:cloudwatch:us-east-1:${PROD}:alarm:errors`,
    ])
  })

  it('asks nobody for windows and variables', () => {
    expect(needsOf([window, variable])).toEqual([])
  })

  it('needs for builds, functions and commands what actions need', () => {
    expect(needsOf([lambda])).toContain(
      `${PIPELINE_ROLE} lambda:InvokeFunction arn:aws:lambda:us-east-1:${HUB}:function:gate`,
    )
    const builds = rule('CodeBuild', {
      configuration: { ProjectName: 'hello' },
      inputArtifacts: [{ name: 'BuildOutput' }],
    })
    expect(needsOf([builds])).toContain(
      `${PIPELINE_ROLE} codebuild:StartBuild arn:aws:codebuild:us-east-1:${HUB}:project/hello`,
    )
    expect(
      needsOf([rule('Commands', { commands: ['ls'], inputArtifacts: [{ name: 'BuildOutput' }] })]),
    ).toContain(
      `${PIPELINE_ROLE} logs:PutLogEvents arn:aws:logs:us-east-1:${HUB}:log-group:/aws/codepipeline/hello:log-stream:*`,
    )
  })

  it('needs nothing of a pipeline without conditions', () => {
    const { onSuccess: _, ...bare } = { ...hello.stages[1]!, actions: [build, deploy('us-east-1')] }
    const pipeline = { ...hello, stages: [hello.stages[0]!, bare] }
    expect(pipelineNeeds(pipeline, surroundings).some(({ action }) => action.startsWith('cloudwatch:'))).toBe(
      false,
    )
  })
})
