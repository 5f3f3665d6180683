/** The roles that a resource hands over to a service, which CloudFormation must be allowed to pass on. */

import { formatArn, type Need } from '../../model/index.ts'
import { reason } from '../../pipeline/index.ts'
import type { HandledType, Value } from '../../template/index.ts'
import type { GrantedStack } from './granted-stack.ts'

/** Gives the needs to pass on the roles of one resource, and to look at them where its handlers do. */
export function passNeeds(
  role: string,
  id: string,
  { passes = {}, looksAtRoles }: HandledType,
  stack: GrantedStack,
): Need[] {
  const { stack: name } = stack.around
  return Object.entries(passes).flatMap(([path, service]) =>
    stack
      .at(id, path)
      .flatMap((value) => passedRoles(value, stack))
      // AWS: API Gateway writes the caller's own credentials as an ARN of any user.
      .filter((arn) => !arn.includes(':user/'))
      .flatMap((resource): Need[] => [
        {
          principal: role,
          action: 'iam:PassRole',
          resource,
          context: { 'iam:PassedToService': service },
          ...reason({ kind: 'resource', stack: name, logicalId: id, phase: 'pass' }),
        },
        ...(looksAtRoles
          ? [
              {
                principal: role,
                action: 'iam:GetRole',
                resource,
                phase: 'read' as const,
                ...reason({ kind: 'resource', stack: name, logicalId: id, phase: 'read' }),
              },
            ]
          : []),
      ]),
  )
}

/** The ARN of a role of the same template, or of an instance profile's there, or the ARN that is written there. */
function passedRoles(value: Value, stack: GrantedStack): readonly string[] {
  const referred = stack.referred(value)
  if (referred?.resource.Type === 'AWS::IAM::InstanceProfile')
    return stack.at(referred.id, 'Roles').flatMap((one) => passedRoles(one, stack))
  if (referred?.resource.Type === 'AWS::IAM::Role') return stack.arns(referred.id)
  return stack
    .texts(value)
    .map((text) =>
      text.startsWith('arn:') ? text : formatArn('iam', '', stack.around.account, `role/${text}`),
    )
}
