import torch


def test_encode_by_hand(encode):
    """2 * 0.5 - 1 = 0 for the first example and 4 * 0.5 - 1 = 1 for the second; tanh(0) = 0, tanh(1) = 0.7616."""
    params = {"enc_weight": torch.tensor([[0.5, 0.0]]), "enc_bias": torch.tensor([-1.0])}
    code = encode(torch.tensor([[2.0, 7.0], [4.0, -7.0]]), params)
    torch.testing.assert_close(code, torch.tensor([[0.0], [0.7616]]), atol=1e-4, rtol=0, check_dtype=False)


def test_encode_of_large_inputs(encode):
    """Far from 0 the tanh has reached -1 and 1; it never becomes NaN."""
    params = {"enc_weight": torch.tensor([[1.0], [-1.0]]), "enc_bias": torch.zeros(2)}
    code = encode(torch.tensor([[1e4]]), params)
    torch.testing.assert_close(code, torch.tensor([[1.0, -1.0]]), check_dtype=False)


def test_decode_by_hand(decode):
    """The first feature is 10 + 2z, the second -z: no activation keeps them small or positive."""
    params = {"dec_weight": torch.tensor([[2.0], [-1.0]]), "dec_bias": torch.tensor([10.0, 0.0])}
    reconstruction = decode(torch.tensor([[0.5], [-1.0], [0.0]]), params)
    expected = torch.tensor([[11.0, -0.5], [8.0, 1.0], [10.0, 0.0]])
    torch.testing.assert_close(reconstruction, expected, check_dtype=False)


def test_decode_has_weights_of_its_own(decode):
    """The parameters of the encoder lie in the same dict; they have nothing to do with the reconstruction."""
    params = {
        "enc_weight": torch.tensor([[100.0, 100.0]]),
        "enc_bias": torch.tensor([100.0]),
        "dec_weight": torch.tensor([[3.0], [4.0]]),
        "dec_bias": torch.tensor([0.0, 1.0]),
    }
    torch.testing.assert_close(decode(torch.ones(1, 1), params), torch.tensor([[3.0, 5.0]]), check_dtype=False)


def test_reconstruction_loss_by_hand(reconstruction_loss):
    """The examples cost 1 + 4 + 0 = 5 and 9 + 0 + 0 = 9; the mean of the two is 7."""
    x = torch.tensor([[1.0, 2.0, 3.0], [0.0, 0.0, 0.0]])
    reconstruction = torch.tensor([[2.0, 0.0, 3.0], [-3.0, 0.0, 0.0]])
    torch.testing.assert_close(float(reconstruction_loss(x, reconstruction)), 7.0)


def test_reconstruction_loss_of_a_perfect_reconstruction(reconstruction_loss):
    """Nothing is lost, so the loss is 0."""
    x = torch.tensor([[1.0, -2.0], [3.0, 4.0], [5.0, 6.0]])
    torch.testing.assert_close(float(reconstruction_loss(x, x.clone())), 0.0)


def test_autoencoder_train_step_by_hand(autoencoder_train_step):
    """The code is tanh(0) = 0, so the reconstruction is the bias 1, the error 1 - 3 = -2 and the loss 4. The gradient
    of the decoder's bias is 2 * (-2) = -4. That of the encoder's bias is -4 * 5, the decoder's weight, and that of the
    encoder's weight 3 times as much. The decoder's weight was multiplied by 0 and has gradient 0."""
    params = {
        "enc_weight": torch.tensor([[0.0]]),
        "enc_bias": torch.tensor([0.0]),
        "dec_weight": torch.tensor([[5.0]]),
        "dec_bias": torch.tensor([1.0]),
    }
    new_params, loss = autoencoder_train_step(torch.tensor([[3.0]]), params, 0.1)
    torch.testing.assert_close(float(loss), 4.0)
    expected = {"enc_weight": 6.0, "enc_bias": 2.0, "dec_weight": 5.0, "dec_bias": 1.4}
    for name, value in expected.items():
        torch.testing.assert_close(float(new_params[name]), value, rtol=1e-5, atol=1e-5)


def test_autoencoder_train_step_reduces_the_loss(autoencoder_train_step):
    """Step by step the loss falls; four examples on a line need no more than one number each."""
    params = {
        "enc_weight": torch.tensor([[0.2, 0.1]]),
        "enc_bias": torch.zeros(1),
        "dec_weight": torch.tensor([[0.3], [-0.1]]),
        "dec_bias": torch.zeros(2),
    }
    x = torch.tensor([[-0.6, -1.2], [-0.2, -0.4], [0.2, 0.4], [0.6, 1.2]])
    losses = []
    for _ in range(200):
        params, loss = autoencoder_train_step(x, params, 0.05)
        params = {name: value.detach() for name, value in params.items()}
        losses.append(float(loss))
    assert losses[0] > losses[1] > losses[2]
    assert losses[-1] < 0.05 * losses[0]


def test_mask_noise_zeroes_or_keeps(mask_noise):
    """What is not zeroed stays as it is: nothing is scaled."""
    x = torch.arange(1.0, 101.0).reshape(10, 10)
    noisy = mask_noise(x, 0.5, torch.Generator().manual_seed(0))
    assert ((noisy == 0) | (noisy == x)).all()


def test_mask_noise_zeroes_a_share_p(mask_noise):
    """Of 10 000 entries about 3000 become 0; fewer than 2500 or more than 3500 would be next to impossible."""
    noisy = mask_noise(torch.ones(100, 100), 0.3, torch.Generator().manual_seed(0))
    assert 2500 < int((noisy == 0).sum()) < 3500


def test_mask_noise_can_be_repeated(mask_noise):
    """The same seed gives the same noise. A second call with the same generator gives other noise."""
    x, generator = torch.ones(20, 20), torch.Generator().manual_seed(1)
    first, second = mask_noise(x, 0.5, generator), mask_noise(x, 0.5, generator)
    assert torch.equal(mask_noise(x, 0.5, torch.Generator().manual_seed(1)), first)
    assert not torch.equal(first, second)


def test_linear_autoencoder_of_points_near_a_line(linear_autoencoder):
    """The mean is (10, 20). Around it the points vary by 3 along the first axis and by 1 along the second, and a single
    number can keep only the larger one."""
    x = torch.tensor([[13.0, 20.0], [7.0, 20.0], [10.0, 21.0], [10.0, 19.0]])
    expected = torch.tensor([[13.0, 20.0], [7.0, 20.0], [10.0, 20.0], [10.0, 20.0]])
    torch.testing.assert_close(linear_autoencoder(x, 1), expected, atol=1e-4, rtol=0, check_dtype=False)


def test_linear_autoencoder_with_a_code_as_large_as_the_input(linear_autoencoder):
    """Two numbers for two features: nothing is lost."""
    x = torch.tensor([[1.0, 2.0], [3.0, -1.0], [0.5, 0.5]])
    torch.testing.assert_close(linear_autoencoder(x, 2), x, atol=1e-4, rtol=0, check_dtype=False)


def test_anomaly_scores_by_hand(anomaly_scores):
    """(1 + 4 + 1) / 3 = 2 for the first example, 0 for the second, (36 + 0 + 0) / 3 = 12 for the third."""
    x = torch.tensor([[1.0, 2.0, 3.0], [4.0, 5.0, 6.0], [0.0, 0.0, 0.0]])
    reconstruction = torch.tensor([[2.0, 0.0, 4.0], [4.0, 5.0, 6.0], [-6.0, 0.0, 0.0]])
    torch.testing.assert_close(anomaly_scores(x, reconstruction), torch.tensor([2.0, 0.0, 12.0]), check_dtype=False)


def test_anomaly_scores_gives_one_score_per_example(anomaly_scores):
    """Four examples, four scores, in a tensor with one axis; only the second example is reconstructed badly."""
    reconstruction = torch.zeros(4, 2)
    reconstruction[1] = 5
    scores = anomaly_scores(torch.zeros(4, 2), reconstruction)
    assert scores.shape == (4,)
    assert scores.argmax() == 1
