/** A window of time that is waited for. */
import { parseWindow } from '../../../../../pipeline/index.ts'
import { ActionFailure, PENDING, type Runner } from '../runner.ts'
import { expireRule } from './rule-timeout.ts'

export const deploymentWindow: Runner = {
  id: 'Rule/DeploymentWindow',
  run: async (job) => {
    const { Cron = '', TimeZone } = job.configuration
    const window = parseWindow(Cron, TimeZone)
    if ('problem' in window) throw new ActionFailure(window.problem, { code: 'ConfigurationError' })
    const now = job.ctx.cloud.clock.now()
    const opens = window.opens(now)
    if (opens === undefined) throw new ActionFailure('The deployment window never opens again')
    if (opens <= now) return { external: { summary: 'The deployment window is open' } }
    expireRule(job)
    job.show({
      summary: `Waiting for the deployment window, which opens at ${new Date(opens).toISOString()}`,
    })
    job.again({ at: opens })
    return PENDING
  },
}
