/** A rule that waits until the time for deployments has come. */

import { parseWindow } from '../../deployment-window.ts'
import { type RuleProvider, readsNothing, ruleType } from '../../rule-provider.ts'

/**
 * AWS: rule-reference-DeploymentWindow. "The CloudWatchAlarm alarm might succeed before the deployment window for the
 * DeploymentWindow rule opens" (rule-reference-CloudWatchAlarm): the rule waits for its window, beside the other rules.
 */
export const deploymentWindow: RuleProvider = {
  ...readsNothing,
  type: ruleType('DeploymentWindow'),
  configuration: { Cron: { required: true }, TimeZone: {} },
  check: ({ configuration = {} }) => {
    const { Cron: cron = '', TimeZone: zone } = configuration
    if (!cron || cron.includes('#{') || zone?.includes('#{')) return []
    const window = parseWindow(cron, zone)
    return 'problem' in window ? [window.problem] : []
  },
  // AWS: nobody is asked what time it is.
  needs: () => [],
}
