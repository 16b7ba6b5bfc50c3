package signal

import "context"

// tokenGuesses counts wrong agent tokens in a broker. What it stores shows neither tokens nor addresses.
type tokenGuesses struct {
	broker Broker
	key    func(context.Context) (secret, error)
}

// localGuesses counts within the process.
func localGuesses() tokenGuesses {
	key := newSecret()
	return tokenGuesses{NewMemoryBroker(), func(context.Context) (secret, error) { return key, nil }}
}

// miss counts a wrong token of a network, the same one once, and gives the error for whoever sent it. err is that of the broker.
func (g tokenGuesses) miss(ctx context.Context, network, guess string) (refused, err error) {
	key, err := g.key(ctx)
	if err != nil {
		return nil, err
	}
	counts := []count{{tokensOfRemote, g.broker, key.hide("remote", network)}, {tokensOfAll, g.broker, "all"}}
	for _, c := range counts {
		spent, err := c.spent(ctx)
		if err != nil {
			return nil, err
		}
		if spent {
			return errTooManyTokens, nil
		}
	}
	isNew, err := g.broker.Set(ctx, "seen/"+key.hide("token", network+"\x00"+guess), nil, []byte{1}, tokensOfRemote.window)
	if err != nil || !isNew {
		return errWrongToken, err
	}
	for _, c := range counts {
		if _, err := c.spend(ctx); err != nil {
			return nil, err
		}
	}
	return errWrongToken, nil
}
