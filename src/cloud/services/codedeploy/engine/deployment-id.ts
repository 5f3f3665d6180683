/** The ids of deployments. */
import type { Context } from '../../../kernel/context.ts'

/** AWS: `d-` and nine capitals and digits. */
export const newDeploymentId = ({ cloud }: Context): string => `d-${cloud.ids.upper(9)}`

export const DEPLOYMENT_ID = /^d-[A-Z0-9]{9}$/
