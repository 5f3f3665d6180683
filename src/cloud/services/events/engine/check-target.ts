/** Checks the targets that a rule is given. */

import type { Target as GivenTarget } from '@aws-sdk/client-eventbridge'
import { parseArn, readJson } from '../../../../model/index.ts'
import { logGroup, type Place, queue } from '../../../destinations/index.ts'
import { parsePath } from '../../../machine/json-path.ts'
import type { Target } from '../state.ts'
import { invalid } from './find.ts'
import { PREDEFINED, variablesOf } from './target-input.ts'
import { PLACES } from './target-places.ts'

const SUPPORTED = [
  'Id',
  'Arn',
  'RoleArn',
  'Input',
  'InputPath',
  'InputTransformer',
  'RetryPolicy',
  'SqsParameters',
]

/** Gives the target as it is kept. Errors: ValidationException. */
export function checkTarget(given: GivenTarget, home: { account: string; region: string }): Target {
  const other = Object.keys(given).find(
    (name) => given[name as keyof GivenTarget] !== undefined && !SUPPORTED.includes(name),
  )
  if (other) throw invalid(`The embedded cloud does not support "${other}" of the target ${given.Id}.`)
  const target = given as Target
  const place = checkArn(target, home)
  checkInput(target, place)
  checkGroup(target, place)
  return target
}

function checkArn({ Arn, RoleArn }: Target, home: { account: string; region: string }): Place {
  const parts = parseArn(Arn)
  const place = PLACES.find(({ service }) => service === parts?.service)
  if (parts && !place)
    throw invalid(
      `The embedded cloud does not support targets of the service "${parts.service}" (${Arn}); it has ${PLACES.map(({ service }) => service).join(', ')}.`,
    )
  if (!parts || !place?.resource.test(parts.resource))
    throw invalid('Parameter Arn is not valid. Reason: Provided Arn is not in correct format.')
  if (place.needsRole && !RoleArn) throw invalid(`RoleArn is required for target ${Arn}.`)
  if (!place.otherRegions && parts.region !== home.region)
    throw invalid(
      `Parameter Arn is not valid. Reason: ${Arn} is not in the region ${home.region} of the rule.`,
    )
  if (!place.otherAccounts && parts.account !== home.account)
    throw invalid(
      `Parameter Arn is not valid. Reason: ${Arn} is not in the account ${home.account} of the rule.`,
    )
  return place
}

/** AWS: SqsParameters are for FIFO queues, which need them. */
function checkGroup({ Id, Arn, SqsParameters }: Target, place: Place): void {
  const fifo = place === queue && Arn.endsWith('.fifo')
  if (fifo && !SqsParameters?.MessageGroupId)
    throw invalid(`Parameter(s) SqsParameters must be specified for target: ${Id}.`)
  if (!fifo && SqsParameters) throw invalid(`Parameter(s) SqsParameters not valid for target: ${Id}.`)
}

function checkInput(target: Target, place: Place): void {
  const { Id, Input, InputPath, InputTransformer } = target
  if ([Input, InputPath, InputTransformer].filter((one) => one !== undefined).length > 1)
    throw invalid(`Only one of Input, InputPath, or InputTransformer must be provided for target ${Id}.`)
  if (place === logGroup && (Input ?? InputPath) !== undefined)
    throw invalid(`Input and InputPath are not supported for the CloudWatch Logs target ${Id}.`)
  if (Input !== undefined && !isJson(Input)) throw invalid(`JSON syntax error in input for target ${Id}.`)
  if (InputPath !== undefined && !parsePath(InputPath))
    throw invalid(`Invalid InputPath for target ${Id}: ${InputPath}.`)
  if (InputTransformer) checkTransformer(Id, InputTransformer)
}

function checkTransformer(
  id: string,
  { InputPathsMap = {}, InputTemplate }: Target['InputTransformer'] & object,
): void {
  for (const [name, path] of Object.entries(InputPathsMap)) {
    if (/^aws\./i.test(name))
      throw invalid(`InputPathsMap of target ${id} contains the reserved name ${name}.`)
    if (!parsePath(path)) throw invalid(`Invalid InputPath for target ${id}: ${path}.`)
  }
  const unknown = variablesOf(InputTemplate).find(
    (name) => !Object.hasOwn(InputPathsMap, name) && !PREDEFINED.includes(name),
  )
  if (unknown !== undefined)
    throw invalid(`InputTemplate for target ${id} contains invalid placeholder ${unknown}.`)
}

function isJson(text: string): boolean {
  try {
    readJson(text)
    return true
  } catch {
    return false
  }
}
