/** What the compute platforms do each in their own way. */
import type { Deployment } from '../state.ts'
import type { Run, Step } from './run.ts'

export interface PlatformWork {
  /** Begins: looks at what is deployed to. Errors: DeploymentFailure. */
  prepare(run: Run): Promise<void>
  /** Does one of CodeDeploy's own lifecycle events but AllowTraffic. Errors: DeploymentFailure. */
  doEvent(run: Run, event: string): Promise<Step>
  /** Leads a percentage of the traffic to what is deployed. Errors: DeploymentFailure. */
  weigh(run: Run, percent: number): Promise<void>
  /** Whether a deployment that has failed has anything to be taken back. */
  canTakeBack(deployment: Deployment): boolean
  /** Does what is left once all events have succeeded. Errors: DeploymentFailure. */
  finish(run: Run): Promise<Step>
  /** Leads all traffic back to what was there before; `run` is of the rollback. Errors: DeploymentFailure. */
  takeBack(run: Run): Promise<Step>
}
