import torch


def test_discriminator_loss_by_hand(discriminator_loss):
    """The logit log 3 belongs to the probability 3/4. It is right for a real sample, -log(3/4), and wrong for a
    generated one, -log(1/4)."""
    logits = torch.log(torch.tensor([3.0, 3.0]))
    expected = torch.tensor(0.287682 + 1.386294)
    torch.testing.assert_close(discriminator_loss(logits[:1], logits), expected, check_dtype=False)


def test_discriminator_loss_of_large_logits(discriminator_loss):
    """Very sure and quite wrong: a real sample costs 1000, two generated ones 1000 and 3000: 2000 on average."""
    loss = discriminator_loss(torch.tensor([-1000.0]), torch.tensor([1000.0, 3000.0]))
    torch.testing.assert_close(loss, torch.tensor(3000.0), check_dtype=False)


def test_generator_loss_by_hand(generator_loss):
    """The logit log 3 belongs to the probability 3/4 of being real, and costs -log(3/4). The logit 0 costs log 2."""
    logits = torch.log(torch.tensor([[3.0], [1.0]]))
    expected = torch.tensor((0.287682 + 0.693147) / 2)
    torch.testing.assert_close(generator_loss(logits), expected, check_dtype=False)


def test_generator_loss_of_large_logits(generator_loss):
    """A sample that is recognized without doubt costs as much as its logit is below zero; one that passes costs
    nothing."""
    loss = generator_loss(torch.tensor([-1000.0, -3000.0, 1000.0, 3000.0]))
    torch.testing.assert_close(loss, torch.tensor(1000.0), check_dtype=False)


def test_minimax_generator_loss_by_hand(minimax_generator_loss):
    """The logit log 3 belongs to the probability 3/4, so the loss is log(1/4). The logit 0 has the loss log(1/2)."""
    logits = torch.log(torch.tensor([[3.0], [1.0]]))
    expected = torch.tensor((-1.386294 - 0.693147) / 2)
    torch.testing.assert_close(minimax_generator_loss(logits), expected, check_dtype=False)


def test_minimax_generator_loss_of_large_logits(minimax_generator_loss):
    """The better a sample deceives, the further the loss falls; one that is recognized without doubt adds nothing."""
    loss = minimax_generator_loss(torch.tensor([-1000.0, -3000.0, 1000.0, 3000.0]))
    torch.testing.assert_close(loss, torch.tensor(-1000.0), check_dtype=False)


def test_optimal_discriminator_by_hand(optimal_discriminator):
    """Three times as likely to be real, equally likely, and certainly generated."""
    p_data = torch.tensor([3.0, 1.0, 0.0])
    p_generator = torch.tensor([1.0, 1.0, 2.0])
    expected = torch.tensor([0.75, 0.5, 0.0])
    torch.testing.assert_close(optimal_discriminator(p_data, p_generator), expected, check_dtype=False)


def test_optimal_discriminator_where_both_are_rare(optimal_discriminator):
    """Only the ratio of the two densities counts, however small both are."""
    p_data = torch.tensor([[1e-20], [5e-20]])
    p_generator = torch.tensor([[3e-20], [0.0]])
    expected = torch.tensor([[0.25], [1.0]])
    torch.testing.assert_close(optimal_discriminator(p_data, p_generator), expected, check_dtype=False)


def test_gan_train_step_by_hand(gan_train_step):
    """At first the discriminator knows nothing: its loss is 2 log 2, and its slope is -1/2 for the real sample, 3, and
    1/2 for the generated one, 1. So its weight moves from 0 to 1. Now the logit of the generated sample is 1, the loss
    of the generator log(1 + 1/e), and its slope -0.268941."""
    generator = {"weight": torch.tensor([[1.0]]), "bias": torch.tensor([0.0])}
    discriminator = {"weight": torch.tensor([[0.0]]), "bias": torch.tensor([0.0])}
    real, noise = torch.tensor([[3.0]]), torch.tensor([[1.0]])
    new_generator, new_discriminator, d_loss, g_loss = gan_train_step(generator, discriminator, real, noise, 1.0)
    expected = {"weight": torch.tensor([[1.0]]), "bias": torch.tensor([0.0])}
    torch.testing.assert_close(new_discriminator, expected, check_dtype=False)
    expected = {"weight": torch.tensor([[1.268941]]), "bias": torch.tensor([0.268941])}
    torch.testing.assert_close(new_generator, expected, check_dtype=False)
    torch.testing.assert_close(d_loss, torch.tensor(1.386294), check_dtype=False)
    torch.testing.assert_close(g_loss, torch.tensor(0.313262), check_dtype=False)


def test_gan_train_step_that_does_not_move(gan_train_step):
    """With the learning rate 0 both networks stay what they are. All logits are 2, which is right for the real samples
    and what the generator wants."""
    generator = {"weight": torch.tensor([[1.0, 2.0]]), "bias": torch.tensor([3.0])}
    discriminator = {"weight": torch.tensor([[0.0]]), "bias": torch.tensor([2.0])}
    real, noise = torch.tensor([[3.0], [4.0], [5.0]]), torch.tensor([[1.0, 0.0], [0.0, 1.0]])
    new_generator, new_discriminator, d_loss, g_loss = gan_train_step(generator, discriminator, real, noise, 0.0)
    torch.testing.assert_close(new_generator, generator, check_dtype=False)
    torch.testing.assert_close(new_discriminator, discriminator, check_dtype=False)
    torch.testing.assert_close(d_loss, torch.tensor(0.126928 + 2.126928), check_dtype=False)
    torch.testing.assert_close(g_loss, torch.tensor(0.126928), check_dtype=False)
