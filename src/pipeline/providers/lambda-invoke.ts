/** A Lambda function that does some of the pipeline's work and reports the outcome itself. */
import { formatArn, type Need } from '../../model/index.ts'
import { functionNeeds } from '../function-needs.ts'
import { type ActionProvider, awsAction, between, needAll, optionally } from '../provider.ts'
import type { ActionSurroundings } from '../surroundings.ts'

/**
 * AWS: "make sure the policy for the role allows the lambda:InvokeFunction and lambda:ListFunctions permissions. Otherwise,
 * pipelines that include Lambda actions fail" ("Invoke an AWS Lambda function in a pipeline"); CDK grants both.
 */
export const lambdaInvoke: ActionProvider = {
  type: awsAction('Invoke', 'Lambda'),
  inputs: between(0, 5),
  outputs: between(0, 5),
  configuration: { FunctionName: { required: true, names: 'function' }, UserParameters: {} },
  variables: 'dynamic',
  needs: (around) => {
    const { action, role, account, region, value, reads, writes } = around
    const name = value('FunctionName')
    const because = `to invoke the function ${name}`
    return [
      ...needAll(
        role,
        ['lambda:InvokeFunction'],
        formatArn('lambda', region, account, `function:${name}`),
        because,
      ),
      ...needAll(role, ['lambda:ListFunctions'], '*', because),
      ...(action.inputArtifacts ?? []).flatMap((one) =>
        reads(role, one.name, `to hand the artifact ${one.name} to the function`),
      ),
      ...(action.outputArtifacts ?? []).flatMap((one) =>
        writes(role, one.name, `to take the artifact ${one.name} from the function`),
      ),
      ...reportingNeeds(around),
    ]
  },
}

/**
 * AWS: the function must report success or failure, and its role may do so for any job; one that never reports a failure
 * is given up after 20 minutes ("Lambda invoke action reference").
 */
function reportingNeeds({ account, region, surroundings, value }: ActionSurroundings): Need[] {
  const name = value('FunctionName')
  const functionRole = surroundings.functionRole?.(name, { account, region })
  if (!functionRole) return []
  const because = `to report the outcome of the function ${name}`
  return [
    ...functionNeeds(functionRole, name, { account, region }),
    ...needAll(functionRole, ['codepipeline:PutJobSuccessResult'], '*', because),
    ...optionally(needAll(functionRole, ['codepipeline:PutJobFailureResult'], '*', because)),
  ]
}
