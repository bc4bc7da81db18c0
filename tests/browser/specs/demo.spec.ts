import { steersFromAPhone } from '../support/steering.ts'

steersFromAPhone({
  name: 'the demo agent',
  start: async stage => ({ session: stage.hapi(['demo']) }),
  run: { prompt: 'Please run it', file: null, final: /The command ran, and this is what lies/, denied: /I did not run it/ },
  slow: { prompt: 'Now slow', first: /This is line 3\./, last: /This was line fifty/ },
})
