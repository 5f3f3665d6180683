/** What the steps of a stage have done in each of its places: the actions that invoke it. */
import { expandText, expandValues, type InvokeFile } from '../fleet/index.ts'
import { type ActionDeclaration, formatArn } from '../model/index.ts'
import { provider } from '../pipeline/index.ts'
import type { StageScope } from './scopes.ts'

/** Gives the action at one place. */
export function invokeAction(invoke: InvokeFile, scope: StageScope, roleArn: string): ActionDeclaration {
  const { region, account } = scope
  const about = (verb: string, what: string) => ({
    name: `${invoke.name ?? `${verb}-${what.split(':').at(-1)}`}-${region}`,
    roleArn,
    region,
  })
  if ('function' in invoke) {
    const name = expandText(invoke.function, scope)
    return {
      ...about('invoke', name),
      actionTypeId: provider.lambdaInvoke.type,
      configuration: {
        FunctionName: name,
        ...(invoke.input !== undefined && { UserParameters: expandText(invoke.input, scope) }),
      },
    }
  }
  if ('stateMachine' in invoke) {
    const name = expandText(invoke.stateMachine, scope)
    return {
      ...about('run', name),
      actionTypeId: provider.stepFunctions.type,
      configuration: {
        StateMachineArn: name.startsWith('arn:')
          ? name
          : formatArn('states', region, account, `stateMachine:${name}`),
        ...(invoke.input !== undefined && { InputType: 'Literal', Input: expandText(invoke.input, scope) }),
      },
    }
  }
  const name = expandText(invoke.pipeline, scope)
  const variables = Object.entries(expandValues(invoke.variables, scope)).map(([key, value]) => ({
    name: key,
    value,
  }))
  return {
    ...about('start', name),
    actionTypeId: provider.codePipelineInvoke.type,
    configuration: {
      PipelineName: name,
      ...(variables.length && { Variables: JSON.stringify(variables) }),
    },
  }
}
