/** Why a deployment failed, as CodeDeploy tells it. */
import { AwsError } from '../../../../model/index.ts'
import type { Deployment, ErrorCode } from '../state.ts'

/** What ends a deployment: it failed, or an alarm stopped it. */
export class DeploymentFailure extends Error {
  override readonly name = 'DeploymentFailure'
  readonly code: ErrorCode
  /** What the deployment is then. AWS: what an alarm or somebody ends is stopped, and has not failed. */
  readonly status: 'Failed' | 'Stopped'
  constructor(code: ErrorCode, message: string, status: 'Failed' | 'Stopped' = 'Failed') {
    super(message)
    this.code = code
    this.status = status
  }
}

/** What a platform says of a service that answers an error: AWS's name for the service, and the code for any other error. */
export interface ServiceInWords {
  readonly title: string
  readonly code: ErrorCode
  /** What stands before the service's own words. */
  readonly begins?: string
}

const isDenial = ({ status, code }: AwsError): boolean => status === 403 || /AccessDenied/.test(code)

/** Gives the failure that an error of a call made with the group's role becomes; what is no answer of a service stays. */
export function failureOf(error: unknown, { roleArn }: Deployment, words: ServiceInWords): unknown {
  if (!(error instanceof AwsError)) return error
  if (isDenial(error))
    return new DeploymentFailure(
      'IAM_ROLE_PERMISSIONS',
      `The IAM role ${roleArn} does not give you permission to perform operations in the following AWS service: ${words.title}. ` +
        'Contact your AWS administrator if you need help. If you are an AWS administrator, you can grant permissions to your users or groups by creating IAM policies.',
    )
  return new DeploymentFailure(words.code, `${words.begins ?? ''}${error.message}`)
}
