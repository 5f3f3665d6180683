/** A rule that a function decides: met by its result, not met by its error. */
import { formatArn } from '../../../model/index.ts'
import { functionNeeds } from '../../function-needs.ts'
import { between, needAll, optionally } from '../../provider.ts'
import { makesNothing, type RuleProvider, ruleType } from '../../rule-provider.ts'

/**
 * AWS: "The rule is met when the check receives the Lambda function result. An error from the Lambda function meets the
 * criteria for On Failure conditions" (concepts-how-it-works-conditions): nothing is reported to CodePipeline as for an
 * action. Pages of the rule name no permissions; those of the action ask for lambda:ListFunctions as well, which is
 * granted here and not missed.
 */
export const lambdaInvokeRule: RuleProvider = {
  ...makesNothing,
  type: ruleType('LambdaInvoke'),
  inputs: between(0, 5),
  skips: true,
  configuration: { FunctionName: { required: true, names: 'function' }, UserParameters: {} },
  needs: ({ action, role, account, region, surroundings, value, reads }) => {
    const name = value('FunctionName')
    const because = `to ask the function ${name}`
    const functionRole = surroundings.functionRole?.(name, { account, region })
    return [
      ...needAll(
        role,
        ['lambda:InvokeFunction'],
        formatArn('lambda', region, account, `function:${name}`),
        because,
      ),
      ...optionally(needAll(role, ['lambda:ListFunctions'], '*', because)),
      ...(action.inputArtifacts ?? []).flatMap((one) =>
        reads(role, one.name, `to hand the artifact ${one.name} to the function`),
      ),
      ...(functionRole ? functionNeeds(functionRole, name, { account, region }) : []),
    ]
  },
}
