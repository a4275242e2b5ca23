import type { Config } from '../config.ts'
import { readNotifySettings } from '../notify/read-notify-settings.ts'
import { Refusal } from './refusal.ts'
import { rootMessage } from './root-message.ts'

/** @throws {Refusal} there is a file that says who is to be notified, and it is wrong */
export async function assertNotifySettings({ notifyFile }: Pick<Config, 'notifyFile'>): Promise<void> {
  if (notifyFile === undefined) return
  try {
    await readNotifySettings(notifyFile)
  } catch (error) {
    throw new Refusal(
      'the file that HOLDFAST_NOTIFY_FILE names is wrong',
      rootMessage(error),
      'Mend it (docs/notifications.md has an example), or unset the variable: then nobody is notified.',
    )
  }
}
