/** The roles that a resource hands over to a service, which CloudFormation must be allowed to pass on. */
import { entryOf, formatArn, type Need, type TemplateResource } from '../../model/index.ts'
import { permissionsOf } from './index.ts'
import { physicalNames } from './physical-names.ts'
import { referredId, valuesAt } from './property-values.ts'
import { resolveText, type TextSurroundings } from './resolve-text.ts'
import type { ResourcePermissions } from './resource-permissions.ts'

/** Gives the needs to pass on the roles of one resource, and to look at them where its handlers do. */
export function passNeeds(
  role: string,
  id: string,
  { Properties = {} }: TemplateResource,
  { passes = {}, looksAtRoles }: ResourcePermissions,
  around: TextSurroundings,
): Need[] {
  return Object.entries(passes).flatMap(([path, service]) =>
    valuesAt(Properties, path)
      .flatMap((value) => passedRoles(value, around))
      // AWS: API Gateway writes the caller's own credentials as an ARN of any user.
      .filter((arn) => !arn.includes(':user/'))
      .flatMap((resource): Need[] => [
        {
          principal: role,
          action: 'iam:PassRole',
          resource,
          context: { 'iam:PassedToService': service },
          because: `to pass on the role of ${id} of the stack ${around.stack}`,
        },
        ...(looksAtRoles
          ? [
              {
                principal: role,
                action: 'iam:GetRole',
                resource,
                phase: 'read' as const,
                because: `to read ${id} in the stack ${around.stack}`,
              },
            ]
          : []),
      ]),
  )
}

/** The ARN of a role of the same template, or of an instance profile's there, or the ARN that is written there. */
function passedRoles(value: unknown, around: TextSurroundings): string[] {
  const id = referredId(value)
  const resource = id === undefined ? undefined : entryOf(around.template.Resources, id)
  const { Properties = {} } = resource ?? {}
  if (resource?.Type === 'AWS::IAM::InstanceProfile')
    return valuesAt(Properties, 'Roles').flatMap((one) => passedRoles(one, around))
  if (resource?.Type !== 'AWS::IAM::Role')
    return resolveText(value, around).map((text) =>
      text.startsWith('arn:') ? text : formatArn('iam', '', around.account, `role/${text}`),
    )
  const [path = '/'] = 'Path' in Properties ? resolveText(Properties.Path, around) : []
  return physicalNames(id!, Properties, permissionsOf('AWS::IAM::Role')!, around).map((name) =>
    formatArn('iam', '', around.account, `role${path}${name}`),
  )
}
